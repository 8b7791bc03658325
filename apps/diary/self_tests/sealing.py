"""What seals an answer: a self-test that runs here, or one that runs where a file came from."""

from django.db.models import Value

from apps.diary.models import Seal, SelfTest
from apps.diary.models.self_test import Question
from config.postgres.compiled import compiled


def sealing(user, condition) -> list[Question]:
    """Whatever seals answers of a condition, what runs here first. Two queries."""
    running = SelfTest.objects.for_user(user).running().filter(condition=condition)
    return [*running.select_related("treatment", "other"), *elsewhere(user, condition)]


def elsewhere(user, condition) -> list[Seal]:
    seals = Seal.objects.for_user(user).kept().filter(condition=condition)
    return list(seals.select_related("treatment", "other"))


def asking_about(user, treatment) -> Question | None:
    """What seals the answer of a treatment, if anything does."""
    return _first(
        SelfTest.objects.for_user(user).testing([treatment]),
        Seal.objects.for_user(user).about([treatment]),
    )


def with_waiting(user) -> Question | None:
    """What asks whether something is better than waiting, so that some waits are sealed."""
    return _first(
        SelfTest.objects.for_user(user).running().filter(other=None),
        Seal.objects.for_user(user).kept().filter(other=None),
    )


def _first(running, seals) -> Question | None:
    """What runs here before what runs elsewhere. One query where there is nothing."""
    named = [
        each.order_by().values_list(Value(place), "pk")
        for place, each in enumerate((running, seals))
    ]
    found = min(named[0].union(named[1]), default=None)
    if found is None:
        return None
    place, pk = found
    return (running, seals)[place].select_related("treatment", "other").get(pk=pk)


def sealed_names(user, condition) -> set[str]:
    """What they ask about: the answer comes at the end. One query."""
    pairs = _asked_about(user=user.pk, condition=condition.pk)
    return {name for pair in pairs for name in pair if name is not None}


@compiled
def _asked_about(*, user: int, condition: int):
    running = SelfTest.objects.for_user(user).running().filter(condition=condition)
    seals = Seal.objects.for_user(user).kept().filter(condition=condition)
    named = [
        each.order_by().values_list("treatment__name", "other__name") for each in (running, seals)
    ]
    return named[0].union(named[1])
