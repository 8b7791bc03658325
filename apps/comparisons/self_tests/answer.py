"""What a self-test says once it has ended, and whether it is over. Sealed until then."""

from datetime import datetime

from django.db.models import Case, F, Value, When

from apps.comparisons.engine.self_test import Moment, Result, analyse
from apps.comparisons.reading.pairs import IS_PAIR
from apps.comparisons.self_tests.days import days_of
from apps.diary.models import (
    CheckIn,
    Seal,
    SelfTest,
    SelfTestMoment,
    TreatmentSession,
    WhyEnded,
)
from apps.diary.self_tests.sealing import elsewhere

Drawn = list[tuple[SelfTestMoment, dict]]
A_DAY = 86_400
NOT_KNOWN = 0.0  # of a deleted session: it is unrated, and no number uses this one


def drawn_with_sessions(self_test: SelfTest) -> Drawn:
    """Every letter in the order drawn, with its session, or day; an empty dict where that was
    deleted."""
    return drawn_of(self_test.user, [self_test])[self_test.pk]


def drawn_of(user, self_tests: list[SelfTest]) -> dict[int, Drawn]:
    """The same for several self-tests of a person, by their keys. Two queries, and one more where
    there are both kinds."""
    drawn = SelfTestMoment.objects.for_user(user).filter(self_test__in=self_tests)
    drawn = list(drawn.filter(ordinal__lt=F("self_test__moments")).order_by("ordinal"))
    by_test: dict[int, Drawn] = {each.pk: [] for each in self_tests}
    whole = {each.pk: each for each in self_tests}
    for each in drawn:
        each.self_test = whole[each.self_test_id]
    for each, session in with_sessions(user, drawn):
        by_test[each.self_test_id].append((each, session))
    return by_test


def with_sessions(user, drawn: list[SelfTestMoment]) -> Drawn:
    sessions = _sessions_of(user, [each for each in drawn if not each.self_test.is_by_days])
    sessions |= days_of(user, [each for each in drawn if each.self_test.is_by_days])
    return [(each, sessions.get(each.client_id, {})) for each in drawn]


def _sessions_of(user, drawn: list[SelfTestMoment]) -> dict:
    own = TreatmentSession.objects.for_user(user)
    is_pair = Case(When(IS_PAIR, then=Value(True)), default=Value(False))
    found = own.filter(client_id__in=[each.client_id for each in drawn]).with_names()
    columns = ["client_id", "names", "started_at", "pain_before", "pain_after"]
    rows = (
        found.with_due().annotate(is_pair=is_pair).values(*columns, "is_pair", "is_closed_unrated")
    )
    return {row["client_id"]: row for row in rows}


def moments_of(self_test: SelfTest, drawn: Drawn) -> list[Moment]:
    """As the analysis takes them: as allocated, whatever was done.

    Of a letter whose place in the order is missing nothing is known: it is unrated.
    """
    known = {each.ordinal: (each, session) for each, session in drawn}
    used = self_test.order[: max(known, default=-1) + 1]
    return [_moment(self_test, letter, known.get(place)) for place, letter in enumerate(used)]


def _moment(self_test, letter: str, found: tuple[SelfTestMoment, dict] | None) -> Moment:
    if found is None:
        return Moment(letter, NOT_KNOWN, None, NOT_KNOWN)
    each, session = found
    return Moment(
        letter=letter,
        before=session.get("pain_before", NOT_KNOWN),
        after=session["pain_after"] if session.get("is_pair") else None,
        at_days=(each.drawn_at - self_test.started_at).total_seconds() / A_DAY,
    )


def result_of(self_test: SelfTest, drawn: Drawn) -> Result:
    return analyse(moments_of(self_test, drawn), ended_early=self_test.why_ended == WhyEnded.EARLY)


def why_over(self_test: SelfTest, drawn: Drawn, *, at: datetime) -> WhyEnded | None:
    """Why a running self-test has come to its end; None while it goes on.

    The last session may still be rated, or the last evening, so the end waits for that.
    """
    if drawn and _may_still_be_rated(self_test, drawn[-1][1], at=at):
        return None
    if len(drawn) >= self_test.moments:
        return WhyEnded.WHOLE
    if self_test.is_past(at):
        return WhyEnded.DATE
    if self_test.may_end_early and result_of(self_test, drawn).may_end:
        return WhyEnded.EARLY
    return None


def _may_still_be_rated(self_test, session: dict, *, at: datetime) -> bool:
    if self_test.is_by_days:
        return bool(session) and at < session["counts_until"]
    is_open = session and session["pain_after"] is None and not session["is_closed_unrated"]
    return bool(is_open and at < session["started_at"] + self_test.rated_within)


def end(self_test: SelfTest, *, at: datetime) -> None:
    """Open the seal: over by itself, or stopped by the person. A second tap changes nothing."""
    why = why_over(self_test, drawn_with_sessions(self_test), at=at) or WhyEnded.STOPPED
    running = SelfTest.objects.for_user(self_test.user).running().filter(pk=self_test.pk)
    running.update(ended_at=at, why_ended=why)


def as_rows(user, condition) -> list[dict]:
    """Every self-test of a condition for the machine-readable comparison, the latest first.

    Of a running one only how far it is: its numbers and its verdict are null.
    """
    own = SelfTest.objects.for_user(user).filter(condition=condition)
    found = list(own.select_related("treatment", "other"))
    drawn = drawn_of(user, found)
    drawn_of_all = [(each, drawn[each.pk]) for each in found]
    drawn_of_all += [_drawn_elsewhere(seal) for seal in elsewhere(user, condition)]
    latest_first = sorted(drawn_of_all, key=lambda each: each[0].started_at, reverse=True)
    return [_as_row(self_test, drawn) for self_test, drawn in latest_first]


def _drawn_elsewhere(seal: Seal) -> tuple[SelfTest, Drawn]:
    """Of a self-test that runs where a file came from, as far as its entries are here."""
    model, moment = (CheckIn, "rated_at") if seal.is_by_days else (TreatmentSession, "started_at")
    own = model.objects.for_user(seal.user).filter(client_id__in=seal.client_ids)
    self_test = seal.as_self_test()
    moments = seal.as_moments(self_test, dict(own.values_list("client_id", moment)))
    return self_test, with_sessions(seal.user, moments)


SAID = ("difference", "se", "low", "high", "as_extreme", "orders", "verdict")


def _as_row(self_test: SelfTest, drawn: Drawn) -> dict:
    result = None if self_test.is_running else result_of(self_test, drawn)
    return {
        "treatment": self_test.treatment.name,
        "against": self_test.other.name if self_test.other else None,
        "unit": self_test.unit,
        "moments": self_test.moments,
        "drawn": len(drawn),
        "rated": sum(session.get("is_pair", False) for _each, session in drawn),
        "ended": self_test.why_ended or None,
    } | {name: result and getattr(result, name) for name in SAID}
