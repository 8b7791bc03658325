"""What check-ins say of how far it reaches and of symptoms, one by one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from apps.conditions.models import Side
from apps.diary.models import FELT, Furthest

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


def symptom_days(said: list[Written]) -> tuple[dict, set[date]]:
    """Of each symptom the days that note it, and the days that answer, whatever they note."""
    noted = {each: {row.day for row in said if each in row.symptoms} for each in FELT}
    return noted, {row.day for row in said if row.symptoms}


def both_legs_days(sides: Iterable[tuple[date, str]]) -> tuple[set[date], set[date]]:
    """The days that note both legs, and the days that name a side."""
    sides = list(sides)
    return {day for day, side in sides if side == Side.BOTH}, {day for day, _side in sides}
