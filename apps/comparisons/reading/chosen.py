"""What part of a condition's diary a page is about."""

from dataclasses import dataclass

from apps.comparisons.reading.spans import Span
from apps.conditions.models import Condition


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

    @property
    def limits(self) -> dict:
        """As ``comparison_of`` takes them."""
        days = {"first_day": self.span.first_day, "last_day": self.span.last_day}
        return {"side": self.side, **days} if self.is_part else {}
