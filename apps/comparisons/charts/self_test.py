"""Every session of a self-test that has ended, in its two arms, and its answer in numbers."""

from collections import Counter

from django.template.defaultfilters import date as day_in_words
from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from apps.comparisons.charts.words import interval, is_zero, mean, relative, signed
from apps.comparisons.engine.self_test import Arm, Result
from apps.diary.models import Letter, SelfTest, SelfTestMoment

Drawn = list[tuple[SelfTestMoment, dict]]
NOT_RATED = "–"


def words(self_test: SelfTest, result: Result) -> dict:
    """The numbers that stand beside every verdict, in words."""
    first, second = self_test.arms
    return {
        "means": [arm_in_words(first, result.treated), arm_in_words(second, result.waited)],
        "difference": difference_in_words(self_test, result),
        "orders": orders_in_words(result),
    }


def arm_in_words(name: str, arm: Arm) -> str:
    text = _("%(name)s: %(mean)s on average after it, %(rated)s of %(all)s rated again.")
    shown = NOT_RATED if arm.mean is None else mean(arm.mean)
    return text % {"name": capfirst(name), "mean": shown, "rated": arm.rated, "all": arm.moments}


def difference_in_words(self_test: SelfTest, result: Result) -> str:
    if result.difference is None or result.low is None or result.high is None:
        return _("No difference can be worked out.")
    first, second = self_test.arms
    values = {
        "first": first,
        "second": second,
        "difference": relative(result.difference),
        "interval": interval(result.low, result.high),
    }
    if is_zero(result.difference):
        text = _("From the same starting pain, no different after %(first)s than after %(second)s")
    else:
        text = _(
            "From the same starting pain, %(difference)s after %(first)s than after %(second)s"
        )
    return f"{text % values} ({values['interval']})."


def orders_in_words(result: Result) -> str:
    text = _("Shuffling which were which gives a gap this wide in %(n)s of %(all)s orders.")
    shown = [number_format(n, use_l10n=True, force_grouping=True) for n in _counts(result)]
    return text % {"n": shown[0], "all": shown[1]}


def _counts(result: Result) -> tuple[int, int]:
    return result.as_extreme, result.orders


def chart(self_test: SelfTest, drawn: Drawn) -> dict:
    """Each rated session's change, in the arm that was drawn for it; all sessions as a table."""
    arms = [
        _drawn_arm(name, letter, drawn)
        for name, letter in zip(self_test.arms, Letter.values, strict=True)
    ]
    return {
        "name": "self_test",
        "module": "js/charts/self_test.js",
        "title": _("Every session of the test"),
        "summary": [sentence(drawn)],
        "notes": [
            _("Each mark is a session that was rated again; the upright lines are means."),
            _("Counted as it was drawn, whatever was done."),
        ],
        "label": _("The change after each session, in two rows. The table has the numbers."),
        "drawing": {"axis": _("Change in points: below 0 is less pain"), "arms": arms},
        "table": table(self_test, drawn),
    }


def sentence(drawn: Drawn) -> str:
    rated = sum(session.get("pain_after") is not None for _moment, session in drawn)
    text = _("%(rated)s of %(all)s sessions of the test were rated again.")
    return text % {"rated": rated, "all": len(drawn)}


def _drawn_arm(name: str, letter: str, drawn: Drawn) -> dict:
    """Equal changes stand on one another: each mark is (change, height from 0)."""
    changes = [
        session["pain_after"] - session["pain_before"]
        for moment, session in drawn
        if moment.letter == letter and session.get("is_pair")
    ]
    heights: Counter[int] = Counter()
    marks = []
    for change in sorted(changes):
        marks.append([change, heights[change]])
        heights[change] += 1
    average = sum(changes) / len(changes) if changes else None
    return {
        "name": capfirst(name),
        "is_wait": letter == Letter.WAITED,
        "marks": marks,
        "mean": None if average is None else round(average, 2),
        "text": "" if average is None else signed(average),
    }


def table(self_test: SelfTest, drawn: Drawn) -> dict:
    return {
        "columns": [_("Session"), _("Day"), _("Drawn"), _("Done"), _("Before"), _("After")],
        "rows": [_row(self_test, moment, session) for moment, session in drawn],
        "note": _("Drawn: what the order said. Done: what the diary holds."),
    }


def _row(self_test: SelfTest, moment: SelfTestMoment, session: dict) -> list[str]:
    done = self_test.done(moment.letter)
    return [
        str(moment.ordinal + 1),
        day_in_words(localtime(moment.drawn_at), "SHORT_DATE_FORMAT"),
        done[0].name if done else _("Wait and see"),
        _done(moment, session),
        str(session.get("pain_before", NOT_RATED)),
        str(session["pain_after"]) if session.get("is_pair") else NOT_RATED,
    ]


def _done(moment: SelfTestMoment, session: dict) -> str:
    if not session:
        return _("deleted")
    if moment.broken_off_at:
        return _("wait broken off")
    return " + ".join(session["names"]) or _("Wait and see")
