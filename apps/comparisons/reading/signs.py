"""What check-ins say of how far it reaches and of symptoms, one by one."""

from dataclasses import dataclass
from datetime import date, datetime

from apps.diary.models import Furthest

DEPTH = {place: depth for depth, place in enumerate(Furthest.values)}


@dataclass(frozen=True, slots=True)
class Written:
    """A check-in that says how far it reaches or ticks symptoms."""

    day: date
    stored_at: datetime
    symptoms: list[str]
    furthest: str


def written(check_ins) -> list[Written]:
    """One query; of check-ins that answer neither nothing is read."""
    rows = check_ins.exclude(symptoms=[], furthest="").order_by("diary_date", "rated_at", "pk")
    columns = rows.values_list("diary_date", "created_at", "symptoms", "furthest")
    return [Written(*row) for row in columns]


def deepest_by_day(said: list[Written]) -> dict[date, str]:
    """The furthest point of each day that names one."""
    found: dict[date, str] = {}
    for row in said:
        if row.furthest:
            known = found.get(row.day, row.furthest)
            found[row.day] = max(known, row.furthest, key=DEPTH.__getitem__)
    return found
