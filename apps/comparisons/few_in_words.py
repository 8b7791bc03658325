"""What few sessions are worth, in the words of docs/method.md, section 7: never a verdict.

The figures are measured by `make acceptance` and read from where it keeps them.
"""

from datetime import date, timedelta
from math import ceil

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.comparisons.charts.words import mean, points
from apps.comparisons.engine.few_sessions import weeks_needed
from apps.comparisons.engine.measured import (
    FALLS_A_POINT,
    FALLS_EVERY_TIME,
    LOWER_AFTER_SIX_WEEKS,
    LOWER_IN_AN_EPISODE,
)
from apps.comparisons.reading.few_sessions import FEWEST_WAITS, FewSessions
from apps.diary.models import Moments

PAUSE_DAYS = 14
SHORTEST_TEST = min(Moments.values)


def times(few: FewSessions, *, today: date) -> str:
    """How often, and in how long: "5 times in 6 weeks"."""
    n = len(few.days)
    text = ngettext("%(n)s time", "%(n)s times", n) % {"n": n}
    weeks = max(1, ceil((today - min(few.days, default=today)).days / 7))
    within = ngettext("in %(n)s week", "in %(n)s weeks", weeks) % {"n": weeks}
    return f"{text} {within}"


def counts(few: FewSessions) -> str:
    """How they went: means, from where to where, and how often it was lower."""
    n, before, after = len(few.pairs), *map(_with_range, _sides(few))
    if not n:
        return _("None of its sessions was rated again in time.")
    text = ngettext(
        "Once: pain before %(before)s, after %(after)s.",
        "%(n)s times: pain before %(before)s, after %(after)s;",
        n,
    ) % {"n": n, "before": before, "after": after}
    return f"{text} {_how_often_lower(few)}" if n > 1 else text


def _sides(few: FewSessions) -> tuple[list[int], list[int]]:
    return [before for before, _a in few.pairs], [after for _b, after in few.pairs]


def _with_range(ratings: list[int]) -> str:
    """A mean with the least and the most: "6 (4 to 7)"; alone where they are the same."""
    if not ratings:
        return ""
    low, high, middle = min(ratings), max(ratings), sum(ratings) / len(ratings)
    if low == high:
        return points(middle)
    return _("%(mean)s (%(low)s to %(high)s)") % {"mean": points(middle), "low": low, "high": high}


def _how_often_lower(few: FewSessions) -> str:
    n, fall = len(few.pairs), few.mean_before - few.mean_after
    words = {"n": few.lower, "all": n, "points": mean(abs(fall))}
    if few.lower == n:
        return _("lower every time, by %(points)s on average.") % words
    if fall >= 0:
        return _("lower %(n)s of %(all)s times, by %(points)s on average.") % words
    return _("lower %(n)s of %(all)s times, higher by %(points)s on average.") % words


def nobody_knows(few: FewSessions) -> str:
    """Why that is no answer, while there are under 3 waits; else empty."""
    n = len(few.waits)
    if n >= FEWEST_WAITS:
        return ""
    if not n:
        return _(
            "You have not waited from such pain yet, so nobody can say how much of that would have "
            "come anyway."
        )
    text = ngettext(
        "You have waited only once, so nobody can say how much of that would have come anyway.",
        "You have waited only %(n)s times, so nobody can say how much of that would have come "
        "anyway.",
        n,
    )
    return text % {"n": n}


def in_made_up_diaries() -> str:
    text = _(
        "In made-up diaries in which nothing works, pain fell a point or more on average over five "
        "such sessions in %(falls)s of 100, every time in %(always)s of 100."
    )
    return text % {"falls": _of_100(FALLS_A_POINT), "always": _of_100(FALLS_EVERY_TIME)}


def after_the_worst() -> str:
    text = _(
        "Six weeks after the worst day of three weeks, pain is a point or more lower in %(usual)s "
        "of 100 cases even if nothing works, in a fading episode in %(fading)s of 100."
    )
    shares = {"usual": LOWER_AFTER_SIX_WEEKS, "fading": LOWER_IN_AN_EPISODE}
    return text % {name: _of_100(share) for name, share in shares.items()}


def _of_100(share: float) -> int:
    return round(100 * share)


def order(few: FewSessions) -> str:
    """How clean the order of sessions and asked waits is; empty where even the cleanest is not."""
    if few.order is None:
        return ""
    as_large, orders = few.order
    words = {"n": len(few.pairs), "waits": len(few.asked), "orders": orders, "as_large": as_large}
    if as_large == 1:
        text = _(
            "From the pain that they began at, all %(n)s sessions ended with a larger fall than "
            "all %(waits)s waits that the coin asked for; if it made no difference, so clean an "
            "order comes up once in %(orders)s."
        )
    elif 2 * as_large > orders:
        text = _(
            "From the pain that they began at, the %(n)s sessions did not fall further than the "
            "%(waits)s waits that the coin asked for."
        )
    else:
        text = _(
            "From the pain that they began at, the %(n)s sessions fell further on average than the "
            "%(waits)s waits that the coin asked for; if it made no difference, a gap at least as "
            "wide comes up in %(as_large)s of %(orders)s orders."
        )
    return text % words


def pace(few: FewSessions, sessions: int, waits: int, weeks_each: float | None = None) -> str:
    """How long so many more take at the pace of the last four weeks, once that is known.

    ``weeks_each`` is that of each kind at its own pace, which the treatment's row says as well;
    None where one of them did not come up: then as if each moment could be of either.
    """
    if not few.is_pace_known:
        return _("How long that takes at your pace can be said after two weeks.")
    weeks = weeks_needed(sessions + waits, few.lately + few.waits_lately)
    if weeks_each is not None:
        weeks = ceil(weeks_each)
    elif few.lately and few.waits_lately:
        kinds = (sessions, few.lately), (waits, few.waits_lately)
        weeks = max(weeks_needed(more, lately) or 0 for more, lately in kinds)
    if weeks is None:
        return _(
            "You did not use it in the last four weeks. That you hardly need it is good news; at "
            "this pace it cannot be answered."
        )
    text = ngettext(
        "At your pace that takes about %(n)s week.",
        "At your pace that takes about %(n)s weeks.",
        weeks,
    )
    return text % {"n": weeks}


def self_test(few: FewSessions, *, today: date) -> dict:
    """A planned self-test: until when at one a day, and how long at the pace of four weeks, once
    that is known."""
    weeks = weeks_needed(SHORTEST_TEST, few.lately)
    text = ngettext(
        "Gives an answer. At one a day until %(day)s; at your pace %(weeks)s week.",
        "Gives an answer. At one a day until %(day)s; at your pace %(weeks)s weeks.",
        weeks or 0,
    )
    if not few.is_pace_known:
        text = _("Gives an answer, at one a day until %(day)s.")
    elif weeks is None:
        text = _("Gives an answer, at one a day until %(day)s. At your pace it cannot.")
    return {
        "title": _("A self-test of %(n)s sessions") % {"n": SHORTEST_TEST},
        "text": text % {"day": _day(today, SHORTEST_TEST), "weeks": weeks},
    }


def self_test_by_days(*, today: date) -> dict:
    """A planned self-test of what lasts a whole day: until when, with a letter every day."""
    text = _("Gives an answer, with a check-in every morning and evening until %(day)s.")
    return {
        "title": _("A self-test of %(n)s days") % {"n": Moments.DAYS.value},
        "text": text % {"day": _day(today, Moments.DAYS.value)},
    }


def pause(*, today: date) -> dict:
    """Without it and with it again, while rating goes on."""
    text = _("Go on rating, then two weeks with it, until %(day)s. A picture, no answer.")
    return {
        "title": _("Two weeks without it, until %(day)s") % {"day": _day(today, PAUSE_DAYS)},
        "text": text % {"day": _day(today, 2 * PAUSE_DAYS)},
    }


def _day(today: date, days: int) -> str:
    return date_format(today + timedelta(days=days), "SHORT_MONTH_DAY_FORMAT")


def flare(pace: str) -> dict:
    """``pace`` says how long; empty where that is not known."""
    text = _("And wait once before you use it. Little work, slow.")
    return {
        "title": _("Rate through your next flare"),
        "text": f"{text} {pace}".strip(),
    }
