"""Self-tests that run where a file came from: what they ask about stays sealed here, too."""

from apps.diary.models import Seal, SelfTest
from apps.users.models import User


def new_seals(user: User, seals: list[Seal]) -> list[Seal]:
    """Those that are to be stored: none of a self-test of this diary, which is a seal itself.

    One that is here already takes what was drawn since.
    """
    own = SelfTest.objects.for_user(user).values_list("condition_id", "started_at")
    known = {(each.condition_id, each.started_at): each for each in Seal.objects.for_user(user)}
    tests, new = set(own), []
    for seal in seals:
        key = seal.condition_id, seal.started_at
        if key in known:
            _extend(known[key], seal)
        elif key not in tests:
            new.append(seal)
    return new


def _extend(here: Seal, seal: Seal) -> None:
    since = [each for each in seal.client_ids if each not in here.client_ids]
    if since:
        here.client_ids = [*here.client_ids, *since][: Seal.client_ids.field.size]
        here.save(update_fields=["client_ids"])
