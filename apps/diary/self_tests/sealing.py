"""What seals an answer: a self-test that runs here, or one that runs where a file came from."""

from django.db.models import Value

from apps.diary.models import Seal, SelfTest
from apps.diary.models.self_test import Question
from config.postgres.compiled import compiled

PLACES = (SelfTest, Seal)  # what runs here before what runs elsewhere


def sealing(user, condition) -> list[Question]:
    """Whatever seals answers of a condition, what runs here first. One query where nothing does."""
    if not _asked_about(user=user.pk, condition=condition.pk):
        return []
    running = _running_here(user=user.pk, condition=condition.pk)
    return [*running, *elsewhere(user, condition)]


@compiled
def _running_here(*, user: int, condition: int):
    running = SelfTest.objects.for_user(user).running().filter(condition=condition)
    return running.select_related("treatment", "other")


def elsewhere(user, condition) -> list[Seal]:
    return _elsewhere(user=user.pk, condition=condition.pk)


@compiled
def _elsewhere(*, user: int, condition: int):
    seals = Seal.objects.for_user(user).kept().filter(condition=condition)
    return seals.select_related("treatment", "other")


def asking_about(user, treatment) -> Question | None:
    """What seals the answer of a treatment, if anything does."""
    return _first(user, _about(user=user.pk, treatment=treatment.pk))


@compiled
def _about(*, user: int, treatment: int):
    running = SelfTest.objects.for_user(user).testing([treatment])
    return _placed(running, Seal.objects.for_user(user).about([treatment]))


def with_waiting(user) -> Question | None:
    """What asks whether something is better than waiting, so that some waits are sealed."""
    return _first(user, _with_waiting(user=user.pk))


@compiled
def _with_waiting(*, user: int):
    running = SelfTest.objects.for_user(user).running().filter(other=None)
    return _placed(running, Seal.objects.for_user(user).kept().filter(other=None))


def _placed(*questions):
    named = [
        each.order_by().values_list(Value(place), "pk") for place, each in enumerate(questions)
    ]
    return named[0].union(named[1])


def _first(user, placed: list[tuple[int, int]]) -> Question | None:
    """No further query where there is nothing."""
    if not placed:
        return None
    place, pk = min(placed)
    own = PLACES[place].objects.for_user(user)
    return own.select_related("treatment", "other").get(pk=pk)


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
