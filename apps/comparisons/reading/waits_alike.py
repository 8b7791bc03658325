"""A person's own waits that began about where a session did: what one rating is put beside."""

from dataclasses import dataclass
from statistics import fmean

from apps.comparisons.reading.pairs import IS_PAIR, unsealed
from apps.diary.models import TreatmentSession

FEWEST = 3  # fewer have no average worth naming
NEAR = 1  # NRS points either way, where too few began at the very number


@dataclass(frozen=True, slots=True)
class WaitsAlike:
    """The plain means, in NRS points, of ``number`` waits begun from ``low`` to ``high``."""

    low: int
    high: int
    before: float
    after: float
    number: int

    @property
    def is_same_start(self) -> bool:
        return self.low == self.high


def waits_alike(session: TreatmentSession) -> WaitsAlike | None:
    """The other rated waits of the same condition from the same starting number.

    Where these are under 3, those from a point below to a point above; where these are under 3
    as well, None. Only waits that make a pair (docs/method.md, section 1).
    """
    start = session.pain_before
    ratings = _ratings(session, start - NEAR, start + NEAR)
    for low, high in ((start, start), (max(start - NEAR, 0), min(start + NEAR, 10))):
        alike = [pair for pair in ratings if low <= pair[0] <= high]
        if len(alike) >= FEWEST:
            before, after = (fmean(values) for values in zip(*alike, strict=True))
            return WaitsAlike(low, high, before, after, len(alike))
    return None


def _ratings(session, low: int, high: int) -> list[tuple[int, int]]:
    waits = TreatmentSession.objects.for_user(session.user_id).waits_with_due()
    waits = unsealed(waits.filter(IS_PAIR), session.user)
    alike = waits.filter(condition=session.condition_id, pain_before__range=(low, high))
    return list(alike.exclude(pk=session.pk).order_by().values_list("pain_before", "pain_after"))
