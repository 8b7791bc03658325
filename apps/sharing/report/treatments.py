"""What was tried: how often, and against waiting, in the order of the names."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from apps.comparisons.charts import lanes
from apps.comparisons.charts.weeks.in_words import shown
from apps.comparisons.engine.stats import Comparison
from apps.comparisons.engine.verdicts import Finding, Unanswered
from apps.comparisons.reading import pairs
from apps.comparisons.reading.facts import Course
from apps.comparisons.reading.over_weeks import of_part
from apps.sharing.report.first_and_last_weeks import Window
from apps.sharing.report.scope import Scope
from apps.treatments.catalogue import CATALOGUE
from apps.treatments.models import Kind, Treatment

SHORTEST_FOR_PER_WEEK = 14
AT_A_GLANCE = 6


@dataclass(frozen=True, slots=True)
class Tried:
    """A treatment in the range: how often, and its finding.

    There is none for what was not rated session by session: worn, or done once. `over` is how it
    went over weeks, in the words of charts/weeks/in_words.py; None where it began after the range.
    """

    name: str
    sessions: int
    per_week: float | None
    first_and_last: tuple[float, float] | None
    finding: Finding | Unanswered | None = None
    periods: list[dict] = field(default_factory=list)
    over: dict | None = None

    @property
    def has_ended(self) -> bool:
        """Whether its last time of use is over, as the range knows it."""
        return bool(self.periods) and all(period["ended_on"] for period in self.periods)


def kinds_of(user) -> dict[str, str]:
    return dict(Treatment.objects.for_user(user).order_by().values_list("name", "kind"))


def is_one_off(kind: str) -> bool:
    """Done once, as an injection is: there is nothing to compare session by session."""
    return CATALOGUE[Kind(kind)].is_one_off


def done_once(course: Course, windows: list[Window]) -> list[dict]:
    """An injection and the like, with its day and where that lies: a window, or between them."""
    span = course.span.by_marks()
    found = lanes.events(lanes.lanes(course), span)
    days = [(span.first_day + timedelta(days=each["at"]), each["text"]) for each in found]
    return [{"name": name, "day": day, "place": _place(day, windows)} for day, name in days]


def _place(day: date, windows: list[Window]) -> str:
    if day <= windows[0].span.last_day:
        return "first"
    return "last" if day >= windows[-1].span.first_day else "between"


def weeks_of(scope: Scope, course: Course) -> dict[str, dict]:
    """Over weeks of each treatment, from the range's ratings alone. Three queries.

    Of what began with the range or before it there is nothing to tell.
    """
    last = course.span.last_day
    found = of_part(scope.user, scope.condition, scope.check_ins(), today=last)
    told = {own.name: over for own, over in found.items() if over}
    return {name: shown(over) for name, over in told.items() if over.place != "nothing_before"}


def tried(course: Course, comparison: Comparison, kinds: dict, weeks: dict) -> list[Tried]:
    """By name, never by effect: every treatment with a session or a period in the span."""
    findings = {finding.treatment: finding for finding in comparison}
    names = {*course.used, *course.periods} - {None}
    return [
        _tried(name, course, findings.get(name), kinds[name], weeks.get(name))
        for name in sorted(names, key=str.casefold)
    ]


def at_a_glance(rows: list[Tried]) -> tuple[list[Tried], list[Tried]]:
    """Those that are seen first, and the rest: the most used ones, still by name.

    A single row more is not worth a second table.
    """
    if len(rows) <= AT_A_GLANCE + 1:
        return rows, []
    most_used = sorted(rows, key=lambda row: -row.sessions)[:AT_A_GLANCE]
    names = {row.name for row in most_used}
    return [row for row in rows if row.name in names], [
        row for row in rows if row.name not in names
    ]


def _tried(
    name: str,
    course: Course,
    finding: Finding | Unanswered | None,
    kind: str,
    over: dict | None,
) -> Tried:
    return Tried(
        name=name,
        sessions=course.use_of(name).sessions,
        per_week=per_week(course, name),
        first_and_last=first_and_last(course, name),
        finding=None if is_one_off(kind) else finding,
        periods=course.periods.get(name, []),
        over=over,
    )


def per_week(course: Course, name: str | None) -> float | None:
    """None where the range is too short to speak of weeks."""
    days = course.span.days
    return None if days < SHORTEST_FOR_PER_WEEK else course.use_of(name).sessions * 7 / days


def first_and_last(course: Course, name: str | None) -> tuple[float, ...] | None:
    """Sessions a week in the first and the last window: less use can mean less need."""
    if course.span.days < 2 * SHORTEST_FOR_PER_WEEK:
        return None
    counts = zip(course.use_of(name).parts, course.parts, strict=True)
    return tuple(n * 7 / part.days for n, part in counts)


def waited(scope: Scope, course: Course) -> dict:
    """The waits that all is compared with: counts, and mean pain before and after. One query.

    Those of a running self-test are sealed, and left out.
    """
    waits = pairs.unsealed(scope.sessions().waits_with_due(), scope.user)
    found = pairs.altogether(pairs.alike_waits(waits))
    change = found["after"] - found["before"] if found["pairs"] else None
    often = {
        "per_week": per_week(course, None),
        "first_and_last": first_and_last(course, None),
    }
    return found | often | {"change": change}
