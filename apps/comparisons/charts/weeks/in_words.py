"""What the weeks before a start were, and where those since lie beside them, in words.

The words of docs/method.md, section 6. They describe, and are never a verdict: nothing here says
that a treatment did it.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.comparisons.charts.weeks import drawing
from apps.comparisons.charts.words import about, mean
from apps.comparisons.engine.trend import FEWEST_WEEKS, LONGEST_BEFORE, Before
from apps.comparisons.reading.over_weeks import OverWeeks

WORST_SHARE = 1 / 3  # week -1 is spoken of where it is among so many of the worst

PLACES = {
    "inside": gettext_lazy("about where it was heading"),
    "below": gettext_lazy("lower than where it was heading"),
    "above": gettext_lazy("higher than where it was heading"),
    "from_memory": gettext_lazy("cannot be known: what came before is from memory"),
    "little_before": gettext_lazy("cannot be known: too few weeks before it"),
    "nothing_before": gettext_lazy("cannot be known: no weeks before it"),
    "not_rated": gettext_lazy("cannot be known: not rated around its start"),
}


class Shown(dict):
    """Each part is made when it is asked for: a row of answers shows few of them."""

    def __init__(self, over: OverWeeks, **more):
        super().__init__(more, place=over.place)
        self.over = over

    def __missing__(self, name):
        self[name] = made = PARTS[name](self.over)
        return made


def shown(over: OverWeeks, **more) -> Shown:
    """All that a page says of it: the plain fact, few words, the sentences, and both drawings."""
    return Shown(over, **more)


def few_words(over: OverWeeks) -> str:
    if over.place == "not_yet":
        text = _("not yet: %(n)s of %(all)s weeks since")
        return text % {"n": len(over.since), "all": FEWEST_WEEKS}
    return _mixed(over.before) if over.place == "mixed" else str(PLACES[over.place])


def on_today(over: OverWeeks) -> tuple[str, str]:
    """What stands large on Today, and what small beside it.

    Where it was heading, with the means; where that cannot be known, and stays so, the plain fact
    comes first. The large is empty where there is no fact either.
    """
    if over.before:
        return few_words(over), means(over)
    return lead(over), few_words(over)


def _mixed(before: Before) -> str:
    if before.below and before.above:
        return _("partly above, partly below where it was heading")
    if before.below:
        return _("partly lower than where it was heading")
    return _("partly higher than where it was heading")


def lead(over: OverWeeks) -> str:
    """The plain fact, to the nearest half; empty where no week since was rated."""
    if over.before and over.since:
        text = _("About %(before)s before, about %(since)s since.")
        return text % {"before": about(over.before.level), "since": about(over.mean_since)}
    if told := over.began_and_now:
        text = _("Your weekly pain was about %(began)s when you began and is about %(now)s now.")
        return text % dict(zip(("began", "now"), map(about, told), strict=True))
    if over.since:
        return _("Your weekly pain since it began: about %(since)s.") % {
            "since": about(over.mean_since)
        }
    return ""


def means(over: OverWeeks) -> str:
    """Both weekly means with the number of weeks: "6.4 in 8 weeks before, 3.6 in 6 weeks since"."""
    parts = []
    if before := over.before:
        text = ngettext(
            "%(mean)s in %(n)s week before", "%(mean)s in %(n)s weeks before", before.weeks
        )
        parts.append(text % {"mean": mean(before.level), "n": before.weeks})
    if since := over.since:
        text = ngettext("%(mean)s in %(n)s week since", "%(mean)s in %(n)s weeks since", len(since))
        parts.append(text % {"mean": mean(over.mean_since), "n": len(since)})
    return ", ".join(parts)


def short(over: OverWeeks) -> str:
    """The slope, where there is one, and where the weeks since lie; else why it is not known."""
    before = over.before
    if before is None or before.since is None:
        return f"{few_words(over)}."
    if not before.has_direction:
        return f"{_where(over)}."
    falls = _("falling by %(slope)s a week before (%(least)s to %(most)s); %(since)s.")
    rises = _("rising by %(slope)s a week before (%(least)s to %(most)s); %(since)s.")
    return (falls if before.slope < 0 else rises) % (_slope(before) | {"since": _where(over)})


def sentences(over: OverWeeks) -> list[str]:
    """In the order in which one asks: what was before, what is since, what that is worth."""
    if over.before is None:
        return [_unknown(over)]
    said = [_going(over.before), _worst(over.before), _since(over)]
    said += [_("Weekly means: %(means)s.") % {"means": means(over)}] if over.since else []
    said += [_("That is not proof either way.")] if over.before.since else []
    return [each for each in said if each]


def _unknown(over: OverWeeks) -> str:
    if over.place == "not_rated":
        return _("No week around its start was rated, so nothing of it can be drawn.")
    if over.place == "from_memory":
        text = _(
            "The %(n)s before it is from memory, the rest is from your diary. Where it was heading "
            "nobody wrote down, so whether it would have changed anyway cannot be known."
        )
        return text % {"n": over.remembered}
    if over.place == "nothing_before":
        return _("Where it was heading cannot be known: there were no weeks before it.")
    text = ngettext(
        "Where it was heading cannot be known: that takes ratings in %(all)s of weeks %(from)s "
        "to 2 before it, and there is %(n)s.",
        "Where it was heading cannot be known: that takes ratings in %(all)s of weeks %(from)s "
        "to 2 before it, and there are %(n)s.",
        over.fitted,
    )
    return text % {"all": FEWEST_WEEKS, "from": LONGEST_BEFORE, "n": over.fitted}


def _going(before: Before) -> str:
    numbers = {name: mean(getattr(before, name)) for name in ("lowest", "highest", "low", "high")}
    numbers |= {"n": before.weeks}
    if not before.has_direction:
        text = _(
            "In the %(n)s weeks before, your weeks lay between %(lowest)s and %(highest)s, with no "
            "clear direction; a week like them would mostly lie between %(low)s and %(high)s."
        )
        return text % numbers
    falls = _(
        "In the %(n)s weeks before, your weeks lay between %(lowest)s and %(highest)s, falling by "
        "%(slope)s a week (%(least)s to %(most)s)."
    )
    rises = _(
        "In the %(n)s weeks before, your weeks lay between %(lowest)s and %(highest)s, rising by "
        "%(slope)s a week (%(least)s to %(most)s)."
    )
    return (falls if before.slope < 0 else rises) % (numbers | _slope(before))


def _slope(before: Before) -> dict[str, str]:
    ends = sorted(map(abs, (before.slope_low, before.slope_high)))
    slopes = zip(("slope", "least", "most"), (abs(before.slope), *ends), strict=True)
    return {name: mean(value) for name, value in slopes}


def _worst(before: Before) -> str:
    """Of week -1: whoever starts at the worst is better soon after, by chance alone."""
    if before.rank is None or before.rank > (before.weeks + 1) * WORST_SHARE:
        return ""
    if before.rank == 1:
        text = _(
            "The week before you started was the worst of %(all)s: the next weeks are lower then, "
            "whatever one does."
        )
    else:
        text = _(
            "The week before you started was one of your %(n)s worst of %(all)s: the next weeks "
            "are lower then, whatever one does."
        )
    return text % {"n": before.rank, "all": before.weeks + 1}


def _since(over: OverWeeks) -> str:
    said = few_words(over) if over.before.since is None else _where(over)
    return f"{said[:1].upper()}{said[1:]}."


def _where(over: OverWeeks) -> str:
    """How many weeks since lie where, and what that is in few words."""
    before = over.before
    counts = {"inside": before.inside, "below": before.below, "above": before.above}
    counts["all"] = sum(counts.values())
    said = _("all %(all)s weeks since lie inside that band")
    if before.inside < counts["all"]:
        said = _("%(inside)s of %(all)s weeks since lie inside that band")
    said += _(", %(below)s below it") if before.below else ""
    said += _(", %(above)s above it") if before.above else ""
    return f"{said % counts}: {few_words(over)}"


PARTS = {
    "is_known": lambda over: over.before is not None,
    "lead": lead,
    "few_words": few_words,
    "on_today": on_today,
    "means": means,
    "short": short,
    "sentences": sentences,
    "drawing": drawing.whole,
    "spark": drawing.sparkline,
}
