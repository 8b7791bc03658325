"""The report behind a link: what a clinician wants to know of a diary, in one minute.

Made from a scope alone, and only by reading: it runs in a read-only transaction. How many
queries it takes hangs on the sections, not on how much is written in the diary.
"""

from datetime import datetime

from apps.comparisons.charts import against_waiting, pain_over_time
from apps.comparisons.engine.stats import METHOD, Comparison
from apps.comparisons.reading.course import course_of
from apps.comparisons.reading.facts import Course
from apps.comparisons.reading.painkiller_days import painkiller_days
from apps.comparisons.reading.results import comparison_of
from apps.comparisons.reading.signs import written
from apps.comparisons.reading.slots import WHERE
from apps.comparisons.reading.spans import Span
from apps.sharing.models import Section
from apps.sharing.report import entries as listed
from apps.sharing.report import quality
from apps.sharing.report.agreed import agreed
from apps.sharing.report.condition import about
from apps.sharing.report.first_and_last_weeks import function, then_and_now, windows
from apps.sharing.report.in_own_words import days_by_medicine, duties_row
from apps.sharing.report.new_signs import new_in_report
from apps.sharing.report.red_flags import not_ticked, red_flags
from apps.sharing.report.scope import Scope
from apps.sharing.report.self_tests import sealed_names, self_tests
from apps.sharing.report.told_apart import told_apart
from apps.sharing.report.treatments import (
    at_a_glance,
    done_once,
    first_and_last,
    is_one_off,
    kinds_of,
    tried,
    waited,
    weeks_of,
)
from apps.sharing.report.watched import watched


def report(scope: Scope, *, at: datetime) -> dict:
    """All that the template shows. ``at`` is now: what is still open then is not missing yet."""
    days = quality.days_with_an_entry(scope.check_ins(), scope.sessions())
    course = read(scope, covered(scope, days, at=at))
    counts = quality.of_check_ins(scope.check_ins()), quality.of_sessions(scope.sessions(), at=at)
    comparison = comparison_of(scope.user, scope.condition, **scope.limits, keep=False)
    kinds = kinds_of(scope.user)
    shown = {
        "scope": scope,
        "at": at,
        "span": course.span,
        "method": METHOD,
        "goes_back_to": scope.goes_back_to(),
        "is_empty": not days,
        "quality": quality.quality(*counts) | {"days": len(days)},
        "about": about(scope, course),
    }
    if scope.shows(Section.SUMMARY) or scope.shows(Section.CHECK_INS):
        shown["red_flags"] = flags = red_flags(scope.check_ins())
        shown["flags_not_ticked"] = not_ticked(flags)
        shown["is_no_flag_seen"] = len(flags) > 1 and not any(flag["seen_at"] for flag in flags)
        said = written(scope.check_ins())
        shown["new_signs"] = new_in_report(scope, course, said)
    if scope.shows(Section.SUMMARY):
        shown["agreed"] = agreed(scope, course.span)
        shown["self_tests"] = tests = self_tests(scope)
        sealed = sealed_names(tests["running"])
        shown["summary"] = summary(scope, course, days, comparison, kinds, sealed)
        shown["watched"] = watched(scope, course, said, shown["summary"]["windows"])
    if scope.shows(Section.CHARTS):
        shown["charts"] = drawn(scope, course, comparison, kinds, at=at)
    return shown | entries(scope, *counts)


def covered(scope: Scope, days: set, *, at: datetime) -> Span:
    """The range, from its first entry on and up to today: nothing can be written outside that."""
    today = at.astimezone(scope.user.zone).date()
    last = max(min(scope.last_day, today), scope.first_day)
    return Span(min(days, default=scope.first_day), last)


def read(scope: Scope, span: Span) -> Course:
    """All of the span that is drawn or told, as far as the sections ask for it."""
    has_charts = scope.shows(Section.CHARTS)
    return course_of(
        scope.user,
        scope.condition,
        span,
        parts=[window.span for window in windows(span)],
        with_use=has_charts or scope.shows(Section.SUMMARY),
        with_pain=has_charts,
    )


def summary(
    scope: Scope, course: Course, days: set, comparison: Comparison, kinds: dict, sealed: set[str]
) -> dict:
    ends = windows(course.span)
    duties = duties_row(scope, ends)
    taken = painkiller_days(scope.check_ins())
    rows = tried(course, comparison, kinds, weeks_of(scope, course))
    compared, rest = at_a_glance([row for row in rows if row.finding])
    groups = then_and_now(scope.check_ins(), days, taken, ends, scope.condition.places)
    if done := function(scope.function_ratings(), ends):
        groups.insert(-1, done)
    if duties:
        groups[-1]["rows"].insert(0, duties)
    return {
        "windows": ends,
        "once": done_once(course, ends),
        "then_and_now": groups,
        "has_function": done is not None,
        "medicines": days_by_medicine(scope.check_ins()),
        "painkillers": {"days": sum(taken.values()), "answered": len(taken)},
        "compared": compared,
        "rest": rest,
        "not_compared": [row for row in rows if not row.finding and row.name not in sealed],
        "over_weeks": [row for row in compared if row.over and row.over["is_known"]],
        "has_weeks": first_and_last(course, None) is not None,
        "waited": waited(scope, course),
        "is_comparable": any(finding.is_told for finding in comparison),
        "told_apart": told_apart(comparison),
    }


def drawn(
    scope: Scope, course: Course, comparison: Comparison, kinds: dict, *, at: datetime
) -> list:
    """Pain over time, and each treatment against waiting where there is one."""
    found = [pain_over_time.chart(course, WHERE)]
    if len(comparison):
        order = [finding for finding in comparison if not is_one_off(kinds[finding.treatment])]
        order.sort(key=lambda finding: finding.treatment.casefold())
        named = {"as_of": at, "condition": scope.condition.name, "kinds": kinds}
        found.append(against_waiting.chart(comparison, order=order, **named))
    return found


def entries(scope: Scope, check_ins: dict, sessions: dict) -> dict:
    """What is listed one by one, as far as the owner ticked it."""
    shown = {}
    if scope.shows(Section.SESSIONS):
        shown["sessions"] = listed.sessions(scope, sessions["n"] + sessions["waits"])
    if scope.shows(Section.CHECK_INS):
        shown["check_ins"] = listed.check_ins(scope, check_ins["n"])
    if scope.shows(Section.SIDE_EFFECTS):
        shown["side_effects"] = listed.side_effects(scope)
    return shown
