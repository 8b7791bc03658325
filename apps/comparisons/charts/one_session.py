"""One session's two ratings beside the plain mean of the waits from the same start, as a drawing.

Numbers of a small SVG that the server draws: no script, no jump when it loads.
"""

from dataclasses import dataclass

TOP, BASE = 16, 116  # where the highest rating and a pain of 0 stand
BEFORE_X, AFTER_X = 44, 180
APART = 20  # two lines of words need so much room


@dataclass(frozen=True, slots=True)
class Line:
    """A line's two ends; ``label_y`` is where its words stand, clear of the other's."""

    start: int
    end: int
    label_y: int

    @property
    def path(self) -> str:
        middle = (BEFORE_X + AFTER_X) // 2
        return (
            f"M{BEFORE_X} {self.start}C{middle} {self.start} {middle} {self.end} "
            f"{AFTER_X} {self.end}"
        )


def drawing(before: float, after: float, waited: tuple[float, float]) -> dict[str, Line]:
    """Both lines, from 0 at the foot to the highest of the ratings at the top."""
    highest = max(before, after, *waited, 1)

    def height(rating: float) -> int:
        return round(BASE - (BASE - TOP) * rating / highest)

    own, wait = apart(height(after), height(waited[1]))
    return {
        "own": Line(height(before), height(after), own),
        "wait": Line(height(waited[0]), height(waited[1]), wait),
    }


def apart(own: int, wait: int) -> tuple[int, int]:
    """Where two labels stand: at their ends, or moved from each other until both can be read."""
    missing = max(0, APART - abs(own - wait)) / 2
    step = missing if own > wait else -missing
    return round(own + step), round(wait - step)
