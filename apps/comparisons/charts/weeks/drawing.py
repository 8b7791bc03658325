"""Weekly pain before and since a start, as small SVGs that the server draws.

No script, and no jump when the page loads. Numbers are texts, so that no language puts its own
decimal comma into them. The words beside it say the same.
"""

from dataclasses import dataclass
from itertools import groupby

from apps.comparisons.reading.over_weeks import OverWeeks

WORST = 10  # NRS
START = -0.5  # in weeks, between week -1 and week 0
MONTH = 4  # weeks before the start, of which the memory is
NEAR_AN_EDGE = 0.12  # of the drawing's width: there a word is set inwards


@dataclass(frozen=True, slots=True)
class Frame:
    """The inside of a drawing: its edges in the SVG's own units, and the weeks it spans."""

    left: float
    right: float
    top: float
    foot: float
    first: int
    last: int

    def share(self, week: float) -> float:
        """How far along the drawing the middle of a week lies, 0 to 1.

        The start itself lies half a week before the middle of week 0.
        """
        return (week + 0.5 - self.first) / (self.last + 1 - self.first)

    def x(self, week: float) -> str:
        return f"{self.left + self.share(week) * (self.right - self.left):.1f}"

    def y(self, pain: float) -> str:
        return f"{self.foot - pain * (self.foot - self.top) / WORST:.1f}"

    def point(self, week: float, pain: float) -> str:
        return f"{self.x(week)},{self.y(pain)}"


def whole(over: OverWeeks) -> dict | None:
    """The weeks with their band, as large as a card; None where no week was rated."""
    if not over.weeks:
        return None
    memory = over.remembered if over.place == "from_memory" else None
    first = 0 if memory is None else -MONTH
    frame = Frame(26, 312, 20, 76, min(*over.weeks, first), max(*over.weeks, 0))
    return {
        "start": frame.x(START),
        "anchor": anchor(frame.share(START)),
        "ticks": [(pain, frame.y(pain)) for pain in (WORST, WORST // 2, 0)],
        "memory": None if memory is None else remembered(memory, frame),
        "band": band(over, frame),
        "expected": expected(over, frame),
        "lines": lines(over.weeks, frame),
        "dots": [(frame.x(w), frame.y(pain), w >= 0) for w, pain in over.weeks.items()],
        "weeks_before": -frame.first,
        "weeks_since": frame.last + 1,
    }


def remembered(pain: int, frame: Frame) -> dict:
    """The month before, from memory: a line with open ends, and where its words stand."""
    first, last = -MONTH - 0.4, START - 0.1
    below = pain > WORST / 2
    return {
        "path": f"M{frame.x(first)} {frame.y(pain)}H{frame.x(last)}",
        "middle": frame.x((first + last) / 2),
        "y": f"{float(frame.y(pain)) + (18 if below else -9):.1f}",
    }


def anchor(share: float) -> str:
    """How a word is set so that it stays inside."""
    if share < NEAR_AN_EDGE:
        return "start"
    return "end" if share > 1 - NEAR_AN_EDGE else "middle"


def sparkline(over: OverWeeks) -> dict:
    """The same in a line of text; without lines where no two weeks in a row were rated."""
    frame = Frame(1, 35, 2, 16, min([*over.weeks, 0]), max([*over.weeks, 0]))
    return {"start": frame.x(START), "lines": lines(over.weeks, frame)}


def lines(weeks: dict[int, float], frame: Frame) -> list[str]:
    """Points of each unbroken run of rated weeks: a gap stays a gap."""
    runs = groupby(enumerate(weeks), key=lambda each: each[1] - each[0])
    found = [[week for _place, week in run] for _gap, run in runs]
    return [" ".join(frame.point(week, weeks[week]) for week in run) for run in found if run[1:]]


def band(over: OverWeeks, frame: Frame) -> str:
    """Where a week like those before would mostly lie, as a polygon; empty if it is not known."""
    if over.before is None:
        return ""
    ends = [(week, *over.before.band(week)) for week in range(frame.first, frame.last + 1)]
    upper = [frame.point(week, high) for week, _low, high in ends]
    lower = [frame.point(week, low) for week, low, _high in reversed(ends)]
    return " ".join(upper + lower)


def expected(over: OverWeeks, frame: Frame) -> str:
    """Where the weeks were heading: level, or along the slope where there is one."""
    if over.before is None:
        return ""
    weeks = range(frame.first, frame.last + 1)
    return " ".join(frame.point(week, over.before.heading(week)) for week in weeks)
