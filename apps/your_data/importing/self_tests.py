"""The self-tests of a table that have ended: what is there already stays as it is."""

from django.db.models import Model
from django.utils.translation import gettext as _

from apps.diary.models import SelfTest, SelfTestMoment
from apps.users.models import User
from apps.users.typed.names import as_seen
from apps.your_data.archive.merging import in_short, merge
from apps.your_data.archive.read import ArchiveReader, ArchiveRow
from apps.your_data.table.ended_tests import FIELDS, EndedTest
from config.postgres.copying import store_rows


def new_tests(user: User, tests: list[EndedTest], archive: ArchiveReader) -> list[EndedTest]:
    """Those that are not here yet; of the others the reader is told what stays out.

    One is known by its condition and when it began, or by an entry that used a letter of it.
    """
    if not tests:
        return []
    own = SelfTest.objects.for_user(user).values_list("condition__name", "started_at", "pk")
    here = {(as_seen(name), at): pk for name, at, pk in own}
    drawn = SelfTestMoment.objects.for_user(user).values_list("client_id", "self_test_id")
    by_entry = dict(drawn)
    for each in tests:
        of_entries = (by_entry.get(used.client_id) for used in each.used)
        each.test.pk = here.get(each.key) or next(filter(None, of_entries), None)
    _tell_what_stays(user, [each for each in tests if each.test.pk], archive)
    return [each for each in tests if each.test.pk is None]


def _tell_what_stays(user, known, archive):
    """Of one that still runs here only that it does: its order and its seed are sealed."""
    running = set(SelfTest.objects.for_user(user).running().values_list("pk", flat=True))
    for each in known:
        if each.test.pk in running:
            why = _("it is still running here, and stays as it is")
            archive.leave(each.place, in_short(each.test), why)
    said = frozenset(FIELDS.values())
    ended = [
        ArchiveRow(each.place, None, each.test, {}, said, is_new=False)
        for each in known
        if each.test.pk not in running
    ]
    merge(user, SelfTest, ended, archive)


def store_tests(
    user: User,
    tests: list[EndedTest],
    treatments: dict[str, int],
    stored_rows: dict[type[Model], list[int]],
) -> None:
    """With the letters that were used; ``treatments`` are the numbers of those of these names."""
    for each in tests:
        asked = [treatments[name] for name, _kind in each.asked]
        each.test.treatment_id, each.test.other_id = asked[0], (asked[1:] or [None])[0]
    store_rows([each.test for each in tests])
    drawn = [_moment(user, each.test, used) for each in tests for used in each.used]
    store_rows(drawn)
    stored_rows[SelfTest] += (each.test.pk for each in tests)
    stored_rows[SelfTestMoment] += (each.pk for each in drawn)


def _moment(user, test, used):
    return SelfTestMoment(
        user=user,
        self_test=test,
        ordinal=used.number - 1,
        client_id=used.client_id,
        drawn_at=used.drawn_at,
        broken_off_at=used.broken_off_at,
    )
