"""What part of a condition's diary a page is about."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from apps.comparisons.reading.spans import Span
from apps.conditions.models import Condition


class Part(NamedTuple):
    """Of whose diary, and of which entries in it: as queries take it that are put into SQL once."""

    user: int
    condition: int
    first_day: date
    last_day: date
    side: str
    is_one_side: bool

    @classmethod
    def of(
        cls,
        user,
        condition: Condition,
        first_day: date | None = None,
        last_day: date | None = None,
        side: str = "",
    ) -> "Part":
        """What is not given does not narrow."""
        days = first_day or date.min, last_day or date.max
        return cls(user.pk, condition.pk, *days, side, bool(side))

    def entries(self, model):
        """Its check-ins or its sessions."""
        days = {"first_day": self.first_day, "last_day": self.last_day}
        side = self.side if self.is_one_side else ""
        return model.objects.for_user(self.user).filtered(
            condition=self.condition, side=side, **days
        )


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a page of charts shows of one condition's diary.

    ``is_part``: something of it is left out. ``is_kept``: what is counted for it is kept for the
    next look; not so with days of one's own, of which there is no end.
    """

    condition: Condition
    span: Span
    side: str
    is_part: bool
    is_kept: bool

    def part(self, user) -> Part:
        return Part.of(user, self.condition, self.span.first_day, self.span.last_day, self.side)

    @property
    def limits(self) -> dict:
        """As ``comparison_of`` takes them."""
        days = {"first_day": self.span.first_day, "last_day": self.span.last_day}
        return {"side": self.side, **days} if self.is_part else {}
