"""Numbers of the rating scale in words, as charts, tables and sentences share them."""

from decimal import Decimal
from functools import lru_cache

from django.utils.formats import number_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _


def points(value: float) -> str:
    """A rating or a mean of ratings: "4", "4.3"; "0" is a rating like any other."""
    rounded = f"{value:.1f}"
    return rounded.removesuffix(".0") if rounded.endswith(".0") else mean(value)


def about(value: float) -> str:
    """To the nearest half, for a fact that is no more exact than that: "6", "6½", "½"."""
    halves = int(2 * value + 0.5)
    whole = str(halves // 2) if halves > 1 or not halves else ""
    return whole + ("½" if halves % 2 else "")


def mean(value: float) -> str:
    """A mean, always with its decimal place: "4.0", where German is read "4,0"."""
    return _with_decimal(f"{value:.1f}", get_language())


@lru_cache(maxsize=1000)
def _with_decimal(rounded: str, _language: str | None) -> str:
    """A chart has hundreds of means, nearly all from 0.0 to 10.0: each is put in words once."""
    return number_format(Decimal(rounded), decimal_pos=1)


def percent(share: float) -> str:
    """0 to 100, with one decimal place: "3.0 %"."""
    return f"{mean(share)}\N{NO-BREAK SPACE}%"


def change(before: float, after: float) -> str:
    """How two means differ, as they are printed, so that the sentence adds up."""
    lower = round(before, 1) - round(after, 1)
    if abs(lower) < 0.05:
        return _("the same")
    if lower > 0:
        return _("%(points)s lower") % {"points": mean(lower)}
    return _("%(points)s higher") % {"points": mean(-lower)}


def n_sessions(n: int) -> str:
    return ngettext("%(n)s session", "%(n)s sessions", n) % {"n": n}


def n_days_rated(n: int) -> str:
    return ngettext("%(n)s day so far", "%(n)s days so far", n) % {"n": n}


def latest_rows(shown: int, total: int) -> str:
    """What a table says below itself when it does not list all."""
    if shown == total:
        return ""
    return _("The latest %(shown)s of %(total)s rows.") % {"shown": shown, "total": total}


def n_waits(n: int) -> str:
    return ngettext("%(n)s wait", "%(n)s waits", n) % {"n": n}


def n_more(sessions: int | None, waits: int | None) -> str:
    """What is still needed: "5 more rated sessions and 1 more wait"; empty where nothing is."""
    parts = []
    if sessions:
        text = ngettext("%(n)s more rated session", "%(n)s more rated sessions", sessions)
        parts.append(text % {"n": sessions})
    if waits:
        parts.append(ngettext("%(n)s more wait", "%(n)s more waits", waits) % {"n": waits})
    return _(" and ").join(parts)


def signed(value: float) -> str:
    """A change with its sign, one decimal place: "−1.4", "+0.3", "0.0"."""
    rounded = mean(abs(value))
    if is_zero(value):
        return rounded
    return f"{'−' if value < 0 else '+'}{rounded}"


def is_zero(value: float) -> bool:
    """Whether it is 0 as it is printed, with one decimal place."""
    return f"{abs(value):.1f}" == "0.0"


def relative(value: float) -> str:
    """A difference from waiting in words: "1.4 points lower", "as high"."""
    if is_zero(value):
        return _("no different")
    text = _("%(points)s points lower") if value < 0 else _("%(points)s points higher")
    return text % {"points": mean(abs(value))}


def interval(low: float, high: float) -> str:
    """From the low end to the high end: "1.8 to 1.0 lower", "0.3 lower to 0.5 higher"."""
    if low < 0 and high < 0:
        text = _("%(low)s to %(high)s lower")
    elif low > 0 and high > 0:
        text = _("%(low)s to %(high)s higher")
    else:
        text = _("%(low)s lower to %(high)s higher")
    return text % {"low": mean(abs(low)), "high": mean(abs(high))}
