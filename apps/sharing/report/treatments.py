"""What was tried: how often, and against waiting, in the order of the names."""

from dataclasses import dataclass, field

from apps.comparisons.engine.stats import Comparison
from apps.comparisons.engine.verdicts import Finding, Unanswered
from apps.comparisons.reading import pairs, slots
from apps.comparisons.reading.spans import Span
from apps.sharing.report.first_and_last_weeks import Window
from apps.sharing.report.scope import Scope
from apps.treatments.catalogue import CATALOGUE
from apps.treatments.models import Kind, Treatment

SHORTEST_FOR_PER_WEEK = 14
AT_A_GLANCE = 4


@dataclass(frozen=True, slots=True)
class Tried:
    """A treatment in the range: how often, and its finding.

    There is none for what was not rated session by session: worn, or done once.
    """

    name: str
    sessions: int
    per_week: float | None
    first_and_last: tuple[float, float] | None
    finding: Finding | Unanswered | None = None
    periods: list[dict] = field(default_factory=list)


def kinds_of(user) -> dict[str, str]:
    return dict(Treatment.objects.for_user(user).order_by().values_list("name", "kind"))


def is_one_off(kind: str) -> bool:
    """Done once, as an injection is: there is nothing to compare session by session."""
    return CATALOGUE[Kind(kind)].is_one_off


def tried(scope: Scope, span: Span, use: "Use", comparison: Comparison, kinds: dict) -> list[Tried]:
    """By name, never by effect: every treatment with a session or a period in the span."""
    findings = {finding.treatment: finding for finding in comparison}
    periods = {}
    for period in slots.periods(scope.user, scope.condition, span):
        periods.setdefault(period["treatment__name"], []).append(period)
    names = {*use.names(), *periods}
    return [
        _tried(name, use, findings.get(name), kinds[name], periods.get(name, []))
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
    name: str, use: "Use", finding: Finding | Unanswered | None, kind: str, periods: list
) -> Tried:
    return Tried(
        name=name,
        sessions=use.sessions(name),
        per_week=use.per_week(name),
        first_and_last=use.first_and_last(name),
        finding=None if is_one_off(kind) else finding,
        periods=periods,
    )


class Use:
    """How often each treatment was used; the name None stands for waiting. Six queries."""

    def __init__(self, scope: Scope, span: Span, windows: list[Window]):
        def used(part: Span):
            return slots.used(scope.user, scope.condition, part)

        self.days = span.days
        self.whole = used(span)
        self.ends = [(each.span.days, used(each.span)) for each in windows]

    def names(self) -> set[str]:
        return {name for name in self.whole if name is not None}

    def sessions(self, name: str | None) -> int:
        return sum(self.whole.get(name, {}).values())

    def per_week(self, name: str | None) -> float | None:
        """None where the range is too short to speak of weeks."""
        if self.days < SHORTEST_FOR_PER_WEEK:
            return None
        return self.sessions(name) * 7 / self.days

    def first_and_last(self, name: str | None) -> tuple[float, float] | None:
        """Sessions a week in the first and the last window: less use can mean less need."""
        if self.days < 2 * SHORTEST_FOR_PER_WEEK:
            return None
        return tuple(sum(used.get(name, {}).values()) * 7 / days for days, used in self.ends)


def waited(scope: Scope, use: Use) -> dict:
    """The waits that all is compared with: counts, and mean pain before and after. One query."""
    found = pairs.altogether(pairs.with_treatment_ids(scope.sessions().waits()))
    change = found["after"] - found["before"] if found["pairs"] else None
    often = {"per_week": use.per_week(None), "first_and_last": use.first_and_last(None)}
    return found | often | {"change": change}
