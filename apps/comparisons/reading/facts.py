"""What a page reads of a diary: read first and as a whole, then only drawn. Numbers, no words.

Names, costs and expectations are not in it: they may change without the diary.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Self

from apps.comparisons.reading.spans import Span
from apps.conditions.places import Places

MOMENTS = {
    "started_at": datetime.fromisoformat,
    "after_rated_at": datetime.fromisoformat,
    "diary_date": date.fromisoformat,
}


@dataclass(frozen=True, slots=True)
class Counted:
    """A treatment's sessions, or the waits.

    ``counts`` are as ``pairs.altogether`` gives them, ``latest`` as ``pairs.latest``; ``changes``
    as ``pairs.changes``.
    """

    counts: dict
    latest: list[dict]
    changes: list[list[int]]

    def to_values(self) -> dict:
        latest = [_stored(session) for session in self.latest]
        return {"counts": self.counts, "latest": latest, "changes": self.changes}

    @classmethod
    def from_values(cls, values: dict) -> Self:
        return cls(**values | {"latest": [_restored(session) for session in values["latest"]]})


def _stored(session: dict) -> dict:
    return session | {name: session[name].isoformat() for name in MOMENTS}


def _restored(session: dict) -> dict:
    return session | {name: read(session[name]) for name, read in MOMENTS.items()}


@dataclass(frozen=True, slots=True)
class AroundStart:
    """Weekly pain around a treatment's start, and where the side switched.

    ``weeks`` are the mean NRS points per week from ``start`` on (week 0 begins with it);
    ``switches`` are per week with a switch the day of its first, and the sides in a row.
    """

    start: date
    weeks: dict[int, float]
    switches: list[tuple[date, list[str]]] = field(default_factory=list)

    def to_values(self) -> dict:
        return {
            "start": self.start.isoformat(),
            "weeks": [[week, pain] for week, pain in self.weeks.items()],
            "switches": [[day.isoformat(), chain] for day, chain in self.switches],
        }

    @classmethod
    def from_values(cls, values: dict) -> Self:
        return cls(
            start=date.fromisoformat(values["start"]),
            weeks=dict(values["weeks"]),
            switches=[(date.fromisoformat(day), chain) for day, chain in values["switches"]],
        )


@dataclass(frozen=True, slots=True)
class SideEffects:
    """The latest that were written down, each with its day, and how many there are in all."""

    n: int
    latest: list[tuple[date, str]]

    def to_values(self) -> dict:
        return {"n": self.n, "latest": [[day.isoformat(), text] for day, text in self.latest]}

    @classmethod
    def from_values(cls, values: dict) -> Self:
        return cls(values["n"], [(date.fromisoformat(day), text) for day, text in values["latest"]])


@dataclass(frozen=True, slots=True)
class TreatmentFacts:
    """All that is counted for one treatment's card.

    ``weeks`` is the number of its sessions in each week of the span, ``next_day`` as the engine's
    ``next_day`` counts it; ``around_start`` is None where it has not begun; ``firsts`` is the day
    of each treatment's first session, by primary key.
    """

    treated: Counted
    waits: Counted
    weeks: list[int]
    next_day: dict
    around_start: AroundStart | None
    firsts: dict[int, date]
    side_effects: SideEffects

    def to_values(self) -> dict:
        """As plain values that JSON can hold."""
        return {
            "treated": self.treated.to_values(),
            "waits": self.waits.to_values(),
            "weeks": self.weeks,
            "next_day": self.next_day,
            "over_weeks": self.around_start and self.around_start.to_values(),
            "firsts": {str(pk): day.isoformat() for pk, day in self.firsts.items()},
            "side_effects": self.side_effects.to_values(),
        }

    @classmethod
    def from_values(cls, values: dict) -> Self:
        around = values["over_weeks"]
        return cls(
            treated=Counted.from_values(values["treated"]),
            waits=Counted.from_values(values["waits"]),
            weeks=values["weeks"],
            next_day=values["next_day"],
            around_start=AroundStart.from_values(around) if around else None,
            firsts={int(pk): date.fromisoformat(day) for pk, day in values["firsts"].items()},
            side_effects=SideEffects.from_values(values["side_effects"]),
        )


@dataclass(frozen=True, slots=True)
class Use:
    """How often a treatment was used: sessions per slot of a span, and in each part of it."""

    slots: dict[int, int]
    parts: tuple[int, ...]

    @property
    def sessions(self) -> int:
        return sum(self.slots.values())


@dataclass(frozen=True, slots=True)
class Course:
    """How a condition went in a span: its pain, what was used, and the sides felt.

    Each field is as ``slots`` counts it; ``used``, ``periods`` and ``kinds`` go by the
    treatment's name, the waits by None. ``used`` is per slot of ``span.by_marks()``, ``pain`` per
    slot of ``span.by_points()``; ``days`` is empty where single days are not drawn. A field that
    is None was not read, for nothing of the page draws it.
    """

    span: Span
    places: Places
    sides: list[tuple]
    used: dict[str | None, Use] | None = None
    periods: dict[str, list[dict]] | None = None
    pain: dict[int, dict] | None = None
    days: dict[str, list[tuple]] | None = None
    kinds: dict[str, str] | None = None
    parts: tuple[Span, ...] = ()

    def use_of(self, name: str | None) -> Use:
        return self.used.get(name) or Use({}, (0,) * len(self.parts))
