"""Every session, or day, of a self-test that has ended, in both arms, and its answer."""

from collections import Counter
from dataclasses import dataclass

from django.template.defaultfilters import date as day_in_words
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from apps.comparisons.charts.words import interval, is_zero, mean, relative, signed
from apps.comparisons.engine.self_test import Arm, Result
from apps.diary.models import Letter, SelfTest, SelfTestMoment

Drawn = list[tuple[SelfTestMoment, dict]]
NOT_RATED = "–"


@dataclass(frozen=True, slots=True)
class Texts:
    """What is said of sessions, or of days; ``columns`` are of the table."""

    arm: Promise
    different: Promise
    the_same: Promise
    title: Promise
    marks: Promise
    label: Promise
    rated: Promise
    columns: tuple[Promise, ...]
    drawn_and_done: Promise


OF_SESSIONS = Texts(
    arm=_lazy("%(name)s: %(mean)s on average after it, %(rated)s of %(all)s rated again."),
    different=_lazy(
        "From the same starting pain, %(difference)s after %(first)s than after %(second)s"
    ),
    the_same=_lazy(
        "From the same starting pain, no different after %(first)s than after %(second)s"
    ),
    title=_lazy("Every session of the test"),
    marks=_lazy("Each mark is a session that was rated again; the upright lines are means."),
    label=_lazy("The change after each session, in two rows. The table has the numbers."),
    rated=_lazy("%(rated)s of %(all)s sessions of the test were rated again."),
    columns=(
        _lazy("Session"),
        _lazy("Day"),
        _lazy("Drawn"),
        _lazy("Done"),
        _lazy("Before"),
        _lazy("After"),
    ),
    drawn_and_done=_lazy("Drawn: what the order said. Done: what the diary holds."),
)
OF_DAYS = Texts(
    arm=_lazy(
        "Days %(name)s: %(mean)s on average in the evening, %(rated)s of %(all)s rated then."
    ),
    different=_lazy(
        "From the same pain at the first check-in, evenings of days %(first)s were %(difference)s "
        "than of days %(second)s"
    ),
    the_same=_lazy(
        "From the same pain at the first check-in, evenings of days %(first)s were no different "
        "from those of days %(second)s"
    ),
    title=_lazy("Every day of the test"),
    marks=_lazy("Each mark is a day that was rated in the evening; the upright lines are means."),
    label=_lazy("The change over each day, in two rows. The table has the numbers."),
    rated=_lazy("%(rated)s of %(all)s days of the test were rated in the evening."),
    columns=(
        _lazy("Letter"),
        _lazy("Day"),
        _lazy("Drawn"),
        _lazy("Done"),
        _lazy("First"),
        _lazy("Evening"),
    ),
    drawn_and_done=_lazy("Drawn: what the order said. Done: otherwise, where you said so."),
)


def texts(self_test: SelfTest) -> Texts:
    return OF_DAYS if self_test.is_by_days else OF_SESSIONS


def words(self_test: SelfTest, result: Result) -> dict:
    """The numbers that stand beside every verdict, in words."""
    first, second = self_test.arms
    return {
        "means": [
            arm_in_words(self_test, first, result.treated),
            arm_in_words(self_test, second, result.waited),
        ],
        "difference": difference_in_words(self_test, result),
        "orders": "" if result.difference is None else orders_in_words(result),
    }


def arm_in_words(self_test: SelfTest, name: str, arm: Arm) -> str:
    values = {"name": capfirst(name), "rated": arm.rated, "all": arm.moments}
    if not arm.moments:
        return _("%(name)s: never drawn.") % values
    if arm.mean is None:
        return _("%(name)s: none of %(all)s rated.") % values
    values["name"] = name if self_test.is_by_days else capfirst(name)
    return texts(self_test).arm % (values | {"mean": mean(arm.mean)})


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
    own = texts(self_test)
    text = own.the_same if is_zero(result.difference) else own.different
    return f"{text % values} ({values['interval']})."


def orders_in_words(result: Result) -> str:
    text = _("Shuffling which were which gives a gap this wide in %(n)s of %(all)s orders.")
    shown = [number_format(n, use_l10n=True, force_grouping=True) for n in _counts(result)]
    return text % {"n": shown[0], "all": shown[1]}


def _counts(result: Result) -> tuple[int, int]:
    return result.as_extreme, result.orders


def chart(self_test: SelfTest, drawn: Drawn) -> dict:
    """Each rated session's change, in the arm that was drawn for it; all sessions as a table."""
    own = texts(self_test)
    arms = [
        _drawn_arm(name, letter, drawn)
        for name, letter in zip(self_test.arms, Letter.values, strict=True)
    ]
    return {
        "name": "self_test",
        "module": "js/charts/self_test.js",
        "title": own.title,
        "summary": [sentence(self_test, drawn)],
        "notes": [own.marks, _("Counted as it was drawn, whatever was done.")],
        "label": own.label,
        "drawing": {"axis": _("Change in points: below 0 is less pain"), "arms": arms},
        "table": table(self_test, drawn),
    }


def sentence(self_test: SelfTest, drawn: Drawn) -> str:
    """Of those alone that count, as in both means."""
    rated = sum(session.get("is_pair", False) for _moment, session in drawn)
    return texts(self_test).rated % {"rated": rated, "all": len(drawn)}


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
    own = texts(self_test)
    return {
        "columns": list(own.columns),
        "rows": [_row(self_test, moment, session) for moment, session in drawn],
        "note": own.drawn_and_done,
    }


def _row(self_test: SelfTest, moment: SelfTestMoment, session: dict) -> list[str]:
    return [
        str(moment.ordinal + 1),
        day_in_words(localtime(moment.drawn_at), "SHORT_DATE_FORMAT"),
        _drawn(self_test, moment),
        _done(self_test, moment, session),
        str(session.get("pain_before", NOT_RATED)),
        str(session["pain_after"]) if session.get("is_pair") else NOT_RATED,
    ]


def _drawn(self_test: SelfTest, moment: SelfTestMoment) -> str:
    if self_test.is_by_days:
        return self_test.arm(moment.letter)
    done = self_test.done(moment.letter)
    return done[0].name if done else _("Wait and see")


def _done(self_test: SelfTest, moment: SelfTestMoment, session: dict) -> str:
    if not session:
        return _("deleted")
    if self_test.is_by_days:
        return _("otherwise") if moment.broken_off_at else _("as drawn")
    if moment.broken_off_at:
        return _("wait broken off")
    return " + ".join(session["names"]) or _("Wait and see")
