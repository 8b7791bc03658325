"""What a treatment took, in money and minutes: altogether, each time, and per point."""

from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.comparisons.charts.words import n_sessions
from apps.comparisons.engine.verdicts import Finding, Unanswered
from apps.treatments.catalogue import is_one_off
from apps.treatments.models import Treatment
from apps.treatments.templatetags.money import money


def money_so_far(treatment: Treatment, sessions: int) -> Decimal | None:
    """What was bought, also before it is used, and the price of each session; None if unknown."""
    each = treatment.cost_per_session
    known = [treatment.upfront_cost, paid_each_time(treatment)]
    known.append(None if each is None else each * sessions)
    spent = [amount for amount in known if amount is not None]
    return sum(spent, Decimal(0)) if spent else None


def paid_each_time(treatment: Treatment) -> Decimal | None:
    """What each time cost of what is done once: its price stands with its day. Else None."""
    if not is_one_off(treatment):
        return None
    return treatment.periods.aggregate(spent=Sum("cost"))["spent"]


def money_each_time(treatment: Treatment, sessions: int) -> Decimal | None:
    """The price of a session and its share of what was bought; None if neither is known."""
    spent = money_so_far(treatment, sessions)
    return None if spent is None or not sessions else spent / sessions


def minutes_each_time(counts: dict) -> float | None:
    return counts["minutes_spent"] / counts["timed"] if counts["timed"] else None


def facts(
    treatment: Treatment, counts: dict, finding: Finding | Unanswered | None
) -> list[list[str]]:
    """Each with its name, of what is known."""
    facts, sessions = sessions_and_time(counts), counts["sessions"]
    spent = money_so_far(treatment, sessions)
    if spent is not None:
        currency = treatment.user.currency
        facts.append([_("Money so far"), money(spent, currency)])
        if sessions:
            facts.append([_("Money per session so far"), money(spent / sessions, currency)])
    return facts + per_point(treatment, counts, finding)


def in_short(treatment: Treatment, counts: dict, *, is_part: bool) -> list[dict]:
    """Money and time at a glance, each with what one session took; money only of the whole."""
    found, sessions, currency = [], counts["sessions"], treatment.user.currency
    spent = None if is_part else money_so_far(treatment, sessions)
    if spent is not None:
        each = (
            _("%(money)s each") % {"money": money(spent / sessions, currency)} if sessions else ""
        )
        found.append({"name": _("Spent"), "value": money(spent, currency), "each": each})
    if counts["timed"]:
        each = _("%(minutes)s min each") % {"minutes": round(minutes_each_time(counts))}
        value = _length(counts["minutes_spent"])
        found.append({"name": _("Time spent"), "value": value, "each": each})
    return found


def sessions_and_time(counts: dict) -> list[list[str]]:
    facts = [[_("Sessions"), str(counts["sessions"])]]
    if counts["timed"]:
        text = _("%(minutes)s, written down for %(sessions)s")
        minutes, timed = _minutes(counts["minutes_spent"]), n_sessions(counts["timed"])
        facts.append([_("Time it took"), text % {"minutes": minutes, "sessions": timed}])
        facts.append([_("Time each session"), _minutes(round(minutes_each_time(counts)))])
    return facts


def per_point(
    treatment: Treatment, counts: dict, finding: Finding | Unanswered | None
) -> list[list[str]]:
    """For one point less than waiting, from 95 % interval's one end to the other.

    Only where the whole interval lies below 0: else the division has no meaning.
    """
    if not isinstance(finding, Finding) or finding.high >= 0:
        return []
    low, high = abs(finding.low), abs(finding.high)
    points = abs(finding.difference)
    text = _("about %(about)s, perhaps %(least)s to %(most)s")
    facts = []
    each = money_each_time(treatment, counts["sessions"])
    if each is not None:
        currency = treatment.user.currency
        about, least, most = (money(each / Decimal(by), currency) for by in (points, low, high))
        values = {"about": about, "least": least, "most": most}
        facts.append([_("Money per point less than waiting, each time"), text % values])
    minutes = minutes_each_time(counts)
    if minutes is not None:
        about, least, most = (_minutes(round(minutes / by)) for by in (points, low, high))
        values = {"about": about, "least": least, "most": most}
        facts.append([_("Time per point less than waiting, each time"), text % values])
    return facts


def _minutes(n: int) -> str:
    return ngettext("%(n)s minute", "%(n)s minutes", n) % {"n": n}


def _length(minutes: int) -> str:
    """In hours from two hours on, as nobody counts that many minutes."""
    if minutes < 120:
        return _("%(n)s min") % {"n": minutes}
    return _("%(n)s h") % {"n": round(minutes / 60)}
