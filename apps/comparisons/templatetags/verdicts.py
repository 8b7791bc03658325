"""The only way to print a verdict: its words, the estimate, the interval and both counts."""

import math

import numpy as np
from django import template

from apps.comparisons.answer_row import in_few_numbers, so_far
from apps.comparisons.charts.against_waiting import counts, in_numbers
from apps.comparisons.charts.change_in_parts import printed_parts
from apps.comparisons.charts.words import interval, mean, n_more, relative, signed
from apps.comparisons.engine.forecast import needed, weeks_needed
from apps.comparisons.engine.stats import METHOD
from apps.comparisons.engine.verdicts import Counted, Finding, Unanswered

register = template.Library()
SAY_WHY = {"may_help", "may_worsen", "cannot_tell"}  # in short, in their own words


@register.inclusion_tag("comparisons/_verdict.html")
def verdict(finding: Finding | Unanswered, has_ended: bool = False):
    """A finding's words with its numbers, which a Finding has; an Unanswered has neither.

    Of a course that has ended there will be no more.
    """
    return _in_print(finding, has_ended) | {"words": _words(finding, has_ended)}


@register.inclusion_tag("comparisons/_verdict.html")
def verdict_words(
    finding: Finding | Unanswered, has_ended: bool = False, *, is_rest_below: bool = False
):
    """The same without "How sure is this?"; a page that has it further down explains there why
    a verdict that says so is not sure.
    """
    is_why_below = is_rest_below and finding.verdict in SAY_WHY
    return verdict(finding, has_ended) | {"is_short": True, "is_why_below": is_why_below}


@register.inclusion_tag("comparisons/_how_sure.html")
def how_sure(finding: Finding | Unanswered, has_ended: bool = False):
    return _in_print(finding, has_ended) | {"is_why_here": finding.verdict in SAY_WHY}


@register.inclusion_tag("comparisons/_verdict_cells.html")
def verdict_cells(finding: Finding | Unanswered, has_ended: bool = False):
    """The same as three cells of a table's row, in words for somebody other than the owner."""
    return _in_print(finding) | {"words": _words(finding, has_ended, of="verdicts/to_others")}


def _words(finding: Finding | Unanswered, has_ended: bool, of: str = "verdicts") -> str:
    is_over = has_ended and finding.verdict == "too_early"
    return f"comparisons/{of}/{'too_few' if is_over else finding.verdict}.html"


@register.inclusion_tag("comparisons/answers/_few_words.html")
def verdict_in_few_words(finding: Finding | Unanswered, has_ended: bool = False):
    """The same in a row of answers; the interval is drawn in the row as well."""
    printed = _in_print(finding, has_ended) | {"has_ended": has_ended}
    if isinstance(finding, Finding):
        printed["in_numbers"] = in_few_numbers(finding.difference, finding.low, finding.high)
    if finding.verdict == "too_early" and not has_ended:
        printed["counts"] = so_far(finding)
    return printed


def _in_print(finding: Finding | Unanswered, has_ended: bool = False) -> dict:
    if not isinstance(finding, Counted):
        raise TypeError("A verdict is only printed from a Finding.")
    is_known = isinstance(finding, Finding)
    raw, expected = printed_parts(finding)[:2] if is_known else (None, None)
    return {
        "finding": finding,
        "in_numbers": in_numbers(finding),
        "wider": wider(finding),
        "counts": counts(finding),
        "raw_change": raw,
        "expected_change": expected,
        "is_same_way": is_known and np.sign(raw) == np.sign(expected),
        "unrated": finding.unrated,
        "unrated_waits": finding.waiting.unrated,
        "minutes_after": None if finding.minutes_after is None else round(finding.minutes_after),
        "needed": "" if has_ended else n_more(*needed(finding)),
        "weeks": 0 if has_ended else math.ceil(weeks_needed(finding) or 0),
        "method": METHOD,
    }


def wider(finding: Finding | Unanswered) -> str:
    """The range that holds for somebody who looks every day, in words; empty without one."""
    if not isinstance(finding, Finding):
        return ""
    half = finding.always_valid_half_width
    return interval(finding.difference - half, finding.difference + half)


@register.filter
def difference_in_words(difference) -> str:
    """How far two treatments are apart, with the interval."""
    return in_few_numbers(difference.estimate, difference.low, difference.high)


@register.filter
def points_lower(value: float) -> str:
    return relative(value)


@register.filter
def size_of(value: float) -> str:
    """Points without their sign, one decimal place."""
    return mean(abs(value))


@register.filter
def with_sign(value: float) -> str:
    """A change in points, one decimal place: "−1.4", "+0.3", "0.0"."""
    return signed(value)
