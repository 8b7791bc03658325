"""What was agreed against what was done of it, in the range."""

from dataclasses import dataclass
from datetime import date, timedelta

from apps.comparisons.reading.spans import Span
from apps.diary.agreed.days import done_by_day
from apps.diary.models import AgreedDay, Agreement, Per, SessionTreatment
from apps.sharing.report.scope import Scope

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AgreedAndDone:
    """One agreement within the range.

    ``agreed_times`` is what would have been as agreed in ``days`` days, whole times; of these days
    something is said on ``said_days``. A day that is not over counts once something is said of it.
    """

    agreement: Agreement
    first_day: date
    last_day: date
    days: int
    said_days: int
    done_times: int

    @property
    def agreed_times(self) -> int:
        a_day = 1 if self.agreement.per == Per.DAY else 7
        return int(self.agreement.times * self.days / a_day + 0.5)

    @property
    def is_daily(self) -> bool:
        return self.agreement.per == Per.DAY


def agreed(scope: Scope, span: Span) -> list[AgreedAndDone]:
    """The latest first. Four queries, however many there are; one where there are none."""
    found = list(scope.agreements())
    if not found:
        return []
    spans = {each: within(each, found, span) for each in found}
    ticked = _ticked(scope)
    written = _written(scope)
    return [
        _done(each, days, ticked.get(each.pk, {}), written.get(each.treatment_id, {}), span)
        for each, days in spans.items()
        if days
    ]


def within(agreement: Agreement, others: list[Agreement], span: Span) -> Span | None:
    """The days of the span on which it held: the next one of the same treatment ends it."""
    ends = [span.last_day]
    ends += [agreement.until_on] if agreement.until_on else []
    ends += [
        other.agreed_on - A_DAY
        for other in others
        if other.treatment_id == agreement.treatment_id and other.agreed_on > agreement.agreed_on
    ]
    first, last = max(agreement.agreed_on, span.first_day), min(ends)
    return Span(first, last) if first <= last else None


def _done(agreement, days: Span, ticked: dict, written: dict, span: Span) -> AgreedAndDone:
    done = done_by_day(ticked, written, days.first_day, days.last_day)
    is_open = days.last_day == span.last_day and days.last_day not in done
    return AgreedAndDone(
        agreement=agreement,
        first_day=days.first_day,
        last_day=days.last_day,
        days=days.days - is_open,
        said_days=len(done),
        done_times=sum(done.values()),
    )


def _ticked(scope: Scope) -> dict[int, dict[date, int]]:
    """Times ticked by agreement and day. One query."""
    own = AgreedDay.objects.for_user(scope.user).filter(agreement__condition=scope.condition)
    rows = own.filter(diary_date__range=(scope.first_day, scope.last_day))
    found: dict[int, dict[date, int]] = {}
    for pk, day, times in rows.values_list("agreement_id", "diary_date", "times"):
        found.setdefault(pk, {})[day] = times
    return found


def _written(scope: Scope) -> dict[int, dict[date, int]]:
    """Sessions by treatment and day. One query."""
    links = SessionTreatment.objects.for_user(scope.user).filter(session__in=scope.sessions())
    found: dict[int, dict[date, int]] = {}
    for pk, day in links.order_by().values_list("treatment_id", "session__diary_date"):
        found.setdefault(pk, {}).setdefault(day, 0)
        found[pk][day] += 1
    return found
