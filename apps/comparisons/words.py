"""Numbers of the rating scale in words, as charts, tables and sentences share them."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def points(value: float) -> str:
    """A rating or a mean of ratings: "4", "4.3"; "0" is a rating like any other."""
    return f"{value:.1f}".removesuffix(".0")


def mean(value: float) -> str:
    """A mean, always with its decimal place: "4.0"."""
    return f"{value:.1f}"


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


def latest_rows(shown: int, total: int) -> str:
    """What a table says below itself when it does not list all."""
    if shown == total:
        return ""
    return _("The latest %(shown)s of %(total)s rows.") % {"shown": shown, "total": total}
