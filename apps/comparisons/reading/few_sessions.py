"""The sessions of one treatment while they are few, one by one, and the pace they come at."""

from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean

from django.db.models import Case, When

from apps.comparisons.engine.few_sessions import FEWEST_ORDERS, MOST_PAIRS, Pair, order
from apps.comparisons.reading.pairs import IS_PAIR, unsealed
from apps.conditions.models import Condition
from apps.diary.models import TreatmentSession
from apps.treatments.pace import PACE_DAYS, in_28_days, is_pace_known

FEWEST_WAITS = 3  # fewer have no average worth naming


@dataclass(frozen=True, slots=True)
class FewSessions:
    """``pairs`` and ``waits`` are ratings before and after; ``asked`` those of the coin's waits.

    ``days`` are all of its sessions' days; ``lately`` how many of its sessions and of the waits
    28 days have at the latest pace, which is none yet before ``is_pace_known``.
    """

    pairs: list[Pair]
    waits: list[Pair]
    asked: list[Pair]
    days: list[date]
    lately: float
    waits_lately: float
    is_pace_known: bool = True

    @property
    def mean_before(self) -> float:
        return fmean(before for before, _after in self.pairs)

    @property
    def mean_after(self) -> float:
        return fmean(after for _before, after in self.pairs)

    @property
    def lower(self) -> int:
        """After how many of them it was lower than before."""
        return sum(after < before for before, after in self.pairs)

    @property
    def order(self) -> tuple[int, int] | None:
        """How many relabellings with the coin's waits look as clean, and of how many.

        None where there are too few of these to say anything, or none.
        """
        found = order(self.pairs, self.asked)
        return found if found and found[1] >= FEWEST_ORDERS else None


def few_sessions(user, condition: Condition, treatment, *, today: date) -> FewSessions:
    """The latest 40 of each kind. Two queries."""
    own = TreatmentSession.objects.for_user(user).filter(condition=condition).with_due()
    own = unsealed(own, user)
    used = _latest(own.with_treatment(treatment))
    waits = _latest(own.waits())
    since, days = today - timedelta(days=PACE_DAYS), _days_with(used, today)
    return FewSessions(
        pairs=_pairs(used),
        waits=_pairs(waits),
        asked=_pairs(row for row in waits if row.asked_by_app),
        days=[row.diary_date for row in used],
        lately=in_28_days(sum(row.diary_date > since for row in used), days),
        waits_lately=in_28_days(
            sum(row.diary_date > since for row in waits), _days_with([*used, *waits], today)
        ),
        is_pace_known=len(used) == MOST_PAIRS or is_pace_known(days),
    )


def _days_with(used, today: date) -> int:
    """From the first of them to today, both included; 0 where there is none."""
    first = min((row.diary_date for row in used), default=None)
    return (today - first).days + 1 if first else 0


def _latest(sessions) -> list:
    """As named rows, the newest first."""
    is_pair = Case(When(IS_PAIR, then=True), default=False)
    columns = ["diary_date", "pain_before", "pain_after", "asked_by_app", "is_pair"]
    rows = sessions.annotate(is_pair=is_pair).order_by("-started_at", "-pk")
    return list(rows.values_list(*columns, named=True)[:MOST_PAIRS])


def _pairs(rows) -> list[Pair]:
    return [(row.pain_before, row.pain_after) for row in rows if row.is_pair]
