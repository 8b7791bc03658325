"""What each chart shows, as plain values: sentences, what to draw, and the same as a table.

One name in four places: ``charts.pain_over_time`` is the id of the page's JSON, its
``data-chart`` and ``static/js/charts/pain_over_time.js``. A chart is a dict that JSON can hold:
``name``, ``module``, ``title``, ``summary`` and ``notes`` (sentences above and below),
``label`` (what a screen reader says of the drawing), ``drawing`` (for the module, which computes
nothing) and ``table``.
"""

from collections.abc import Iterable
from itertools import pairwise
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.comparisons import pairs, slots
from apps.comparisons.spans import Span
from apps.comparisons.words import change, mean, points
from apps.conditions.models import Condition, Side
from apps.treatments.models import Treatment
from apps.treatments.templatetags.money import money

MOST_ROWS = 100
MOST_DRAWN = 60
MOST_STRIPS = 12
NOT_RATED = "–"


def pain_over_time(user, condition: Condition, span: Span) -> dict:
    """Leg and back pain per day or week, the treatments below it, and where the side switched."""
    pain = slots.pain(user, condition, span)
    strips = _strips(user, condition, span)
    switches = _switches(slots.sides(user, condition, span))
    lines = [line for where in slots.WHERE if (line := _line(where, pain, span))]
    return {
        "name": "pain_over_time",
        "module": "js/charts/pain_over_time.js",
        "title": _("Pain over time"),
        "summary": _timeline_sentences(user, condition, span, strips, switches),
        "notes": [],
        "label": _(
            "Leg and back pain over time, with treatments below. The table has the numbers."
        ),
        "drawing": {
            "axis": _("Pain: 0 none – 10 worst imaginable"),
            "slots": [span.label(slot) for slot in range(span.slots)],
            "ticks": span.ticks(),
            "lines": lines,
            "strips": [_drawn_strip(strip, span) for strip in _few(strips)],
            "switches": [
                {"at": span.slot_of(day), "text": _switch(before, after)}
                for day, before, after in switches
            ],
        },
        "table": _timeline_table(span, pain, strips, switches),
    }


def _line(where: str, pain: dict[int, dict], span: Span) -> dict | None:
    """Means with None in every slot without a rating, so that a gap stays a gap."""
    rated = {slot: row for slot, row in pain.items() if row[f"{where}_n"]}
    if not rated:
        return None
    names = {"leg": (_("leg"), _("Leg pain")), "back": (_("back"), _("Back pain"))}
    short, full = names[where]
    line = {"key": where, "name": short, "means": [], "ranges": [], "texts": []}
    for slot in range(span.slots):
        row = rated.get(slot)
        low, high = (row[f"{where}_low"], row[f"{where}_high"]) if row else (None, None)
        line["means"].append(round(row[f"{where}_mean"], 2) if row else None)
        line["ranges"].append([low, high] if low != high else None)
        line["texts"].append(f"{full} {_ratings(where, row)}" if row else None)
    return line


def _ratings(where: str, row: dict | None) -> str:
    """The ratings of a slot in words: "4", or "4.3 (2 to 6, 3 ratings)"."""
    n = row[f"{where}_n"] if row else 0
    if not n:
        return NOT_RATED
    middle = points(row[f"{where}_mean"])
    if n == 1:
        return middle
    return _("%(mean)s (%(low)s to %(high)s, %(n)s ratings)") % {
        "mean": middle,
        "low": row[f"{where}_low"],
        "high": row[f"{where}_high"],
        "n": n,
    }


def _strips(user, condition, span) -> list[dict]:
    """One per treatment, by name, then wait and see; each with its sessions and its periods."""
    used = slots.treatments(user, condition, span)
    periods = list(slots.periods(user, span))
    names = sorted({*used, *(period["treatment__name"] for period in periods)}, key=str.casefold)
    strips = [
        {
            "name": name,
            "is_wait": False,
            "sessions": used.get(name, {}),
            "periods": [period for period in periods if period["treatment__name"] == name],
        }
        for name in names
    ]
    if waited := slots.waits(user, condition, span):
        name = _("Wait and see")
        strips.append({"name": name, "is_wait": True, "sessions": waited, "periods": []})
    return strips


def _few(strips: list[dict]) -> list[dict]:
    """The first twelve treatments by name and the waits: more cannot be read."""
    treated = [strip for strip in strips if not strip["is_wait"]]
    return treated[:MOST_STRIPS] + [strip for strip in strips if strip["is_wait"]]


def _drawn_strip(strip: dict, span: Span) -> dict:
    return {
        "name": strip["name"],
        "is_wait": strip["is_wait"],
        "marks": [
            {"at": slot, "text": _times(strip["name"], n)}
            for slot, n in sorted(strip["sessions"].items())
        ],
        "periods": [
            {
                "from": span.slot_of(max(period["started_on"], span.first_day)),
                "until": span.slot_of(min(period["ended_on"] or span.last_day, span.last_day)),
            }
            for period in strip["periods"]
        ],
    }


def _times(name: str, n: int) -> str:
    return name if n == 1 else f"{name} × {n}"


def _switches(sides: list[tuple]) -> list[tuple]:
    """``(day, from side, to side)`` wherever a side differs from the one written down before."""
    return [
        (day, before, after) for (_day, before), (day, after) in pairwise(sides) if before != after
    ]


def _switch(before: str, after: str) -> str:
    return f"{Side(before).label} → {Side(after).label}"


def _timeline_sentences(user, condition, span, strips, switches) -> list[str]:
    sentences = _pain_sentences(slots.pain_altogether(user, condition, span), span)
    few = _few(strips)
    used = [(strip["name"], sum(strip["sessions"].values())) for strip in few]
    numbers = ", ".join(f"{name} {n}" for name, n in used if n)
    if numbers:
        sentences.append(_("Sessions: %(numbers)s.") % {"numbers": numbers})
    if len(few) < len(strips):
        text = _("Drawn are the first %(n)s treatments by name; the table has all.")
        sentences.append(text % {"n": MOST_STRIPS})
    if switches:
        text = ngettext(
            "The side switched %(n)s time.", "The side switched %(n)s times.", len(switches)
        )
        sentences.append(text % {"n": len(switches)})
    if span.is_weekly:
        sentences.append(_("Over more than a year, each point is the mean of a week."))
    return sentences


def _pain_sentences(found: dict, span: Span) -> list[str]:
    text = ngettext(
        "Ratings of leg or back pain on %(rated)s of %(days)s day.",
        "Ratings of leg or back pain on %(rated)s of %(days)s days.",
        span.days,
    )
    sentences = [text % {"rated": found["days"], "days": span.days}]
    for where, name in (("leg", _("Leg pain")), ("back", _("Back pain"))):
        if found[f"{where}_low"] is not None:
            text = _("%(name)s from %(low)s to %(high)s, middle value %(middle)s.")
            low, high = found[f"{where}_low"], found[f"{where}_high"]
            middle = points(found[f"{where}_middle"])
            sentences.append(text % {"name": name, "low": low, "high": high, "middle": middle})
    return sentences


def _n_sessions(n: int) -> str:
    return ngettext("%(n)s session", "%(n)s sessions", n) % {"n": n}


def _timeline_table(span, pain, strips, switches) -> dict:
    done, switched = _done(strips), _switched(span, switches)
    filled = sorted({*pain, *done, *switched}, reverse=True)
    rows = [
        [
            span.label(slot),
            _ratings("leg", pain.get(slot)),
            _ratings("back", pain.get(slot)),
            ", ".join(done.get(slot, [])),
            ", ".join(switched.get(slot, [])),
        ]
        for slot in filled[:MOST_ROWS]
    ]
    columns = [_("Week") if span.is_weekly else _("Day"), _("Leg pain"), _("Back pain")]
    return {
        "columns": [*columns, _("Sessions"), _("Side switched")],
        "rows": rows,
        "note": _listed(len(rows), len(filled)),
    }


def _done(strips: Iterable[dict]) -> dict[int, list[str]]:
    done = {}
    for strip in strips:
        for slot, n in strip["sessions"].items():
            done.setdefault(slot, []).append(_times(strip["name"], n))
    return done


def _switched(span, switches) -> dict[int, list[str]]:
    switched = {}
    for day, before, after in switches:
        switched.setdefault(span.slot_of(day), []).append(_switch(before, after))
    return switched


def _listed(shown: int, total: int) -> str:
    if shown == total:
        return ""
    return _("The latest %(shown)s of %(total)s rows.") % {"shown": shown, "total": total}


def before_and_after(
    user, condition: Condition, span: Span, *, treatment: Treatment | None = None, side: str = ""
) -> dict:
    """Every session of a treatment as a line from before to after, and the waits beside it.

    Without a treatment only the waits. Both groups stand on the same scale.
    """
    found = slots.sessions(user, condition, span).filtered(side=side)
    groups = [_group(_("Wait and see"), found.waits(), is_wait=True)]
    if treatment:
        treated = found.with_treatment(treatment)
        groups.insert(0, _group(treatment.name, treated, is_wait=False))
    return {
        "name": "before_and_after",
        "module": "js/charts/before_and_after.js",
        "title": _("Before and after"),
        "summary": _card_sentences(groups),
        "notes": _notes(groups),
        "label": _("Pain before and after each session. The table has the numbers."),
        "drawing": {
            "axis": _("Pain: 0 none – 10 worst imaginable"),
            "before": _("before"),
            "after": _("after"),
            "groups": [_drawn_group(group) for group in groups],
        },
        "table": _card_table(groups),
        "use": _use(treatment, groups[0]["counts"]),
    }


def _group(name: str, sessions, *, is_wait: bool) -> dict:
    return {
        "name": name,
        "is_wait": is_wait,
        "counts": pairs.altogether(sessions),
        "latest": pairs.latest(sessions, MOST_DRAWN),
    }


def _use(treatment: Treatment | None, counts: dict) -> list[list[str]]:
    """What it took in this time: sessions, minutes and money, each with its name."""
    use = [[_("Sessions in this time"), str(counts["sessions"])]]
    if treatment and counts["timed"]:
        text = _("%(minutes)s, written down for %(sessions)s")
        minutes = ngettext("%(n)s minute", "%(n)s minutes", counts["minutes_spent"])
        sessions = _n_sessions(counts["timed"])
        value = text % {"minutes": minutes % {"n": counts["minutes_spent"]}, "sessions": sessions}
        use.append([_("Time it took"), value])
    if treatment and treatment.cost_per_session is not None:
        cost = money(treatment.cost_per_session * counts["sessions"], treatment.user.currency)
        use.append([_("Cost of these sessions"), cost])
    return use


def _drawn_group(group: dict) -> dict:
    counts, sessions = group["counts"], group["latest"]
    befores = _side_by_side(sessions, "pain_before", "pain_after")
    afters = _side_by_side(sessions, "pain_after", "pain_before")
    return {
        "name": group["name"],
        "is_wait": group["is_wait"],
        "lines": [
            {
                "before": before,
                "after": after,
                "is_pair": session["is_pair"],
                "text": _said(session),
            }
            for session, before, after in zip(sessions, befores, afters, strict=True)
        ],
        "mean": {
            "before": round(counts["before"], 2),
            "after": round(counts["after"], 2),
            "labels": [mean(counts["before"]), mean(counts["after"])],
            "text": _("Mean of %(n)s: %(before)s before, %(after)s after")
            % {
                "n": _n_sessions(counts["pairs"]),
                "before": mean(counts["before"]),
                "after": mean(counts["after"]),
            },
        }
        if counts["pairs"]
        else None,
    }


def _side_by_side(sessions: list[dict], end: str, other: str) -> list[float]:
    """Where each line ends: at its rating, and lines of the same rating a little apart.

    At most 0.3 points off, in the order of their other ends, so that they do not cross there.
    """
    places = [0.0] * len(sessions)
    order = sorted(
        range(len(sessions)), key=lambda index: (sessions[index][end], sessions[index][other])
    )
    for rating in {session[end] for session in sessions}:
        same = [index for index in order if sessions[index][end] == rating]
        width = min(0.6, 0.08 * (len(same) - 1))
        for number, index in enumerate(same):
            off = width * (number / (len(same) - 1) - 0.5) if len(same) > 1 else 0
            places[index] = round(rating + off, 3)
    return places


def _said(session: dict) -> str:
    """A session in words, by the clock of where the person was."""
    started = session["started_at"].astimezone(ZoneInfo(session["time_zone"]))
    return _("%(day)s, %(time)s: %(before)s before, %(after)s after, %(length)s later") % {
        "day": date_format(session["diary_date"], "D j M Y"),
        "time": started.strftime("%H:%M"),
        "before": session["pain_before"],
        "after": session["pain_after"],
        "length": _length(session),
    }


def _length(session: dict) -> str:
    minutes = round((session["after_rated_at"] - session["started_at"]).total_seconds() / 60)
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}


def _card_sentences(groups: list[dict]) -> list[str]:
    """The means of each group, and for a treatment what they cannot show."""
    sentences = [_means(group) for group in groups]
    if any(group["counts"]["pairs"] and not group["is_wait"] for group in groups):
        sentences.append(
            _("This alone does not show that it works: pain often falls after anything.")
        )
    return sentences


def _means(group: dict) -> str:
    """The group's sentence: how often, and the means before and after."""
    counts = group["counts"]
    if not counts["pairs"]:
        if group["is_wait"]:
            return _("There is no wait that was rated before and after yet.")
        return _("There is no session that was rated before and after yet.")
    if group["is_wait"]:
        text = ngettext(
            "While waiting, %(n)s time: %(before)s before, %(after)s after, %(change)s.",
            "While waiting, %(n)s times: %(before)s before, %(after)s after, %(change)s.",
            counts["pairs"],
        )
    else:
        text = ngettext(
            "%(n)s session rated before and after: "
            "mean %(before)s before, %(after)s after, %(change)s.",
            "%(n)s sessions rated before and after: "
            "mean %(before)s before, %(after)s after, %(change)s.",
            counts["pairs"],
        )
    return text % {
        "n": counts["pairs"],
        "before": mean(counts["before"]),
        "after": mean(counts["after"]),
        "change": change(counts["before"], counts["after"]),
    }


def _notes(groups: list[dict]) -> list[str]:
    """What the drawings or the means do not hold, counted, and what dashed lines are."""
    notes = [
        f"{group['name']}: {', '.join(parts)}." for group in groups if (parts := _left_out(group))
    ]
    if any(group["counts"]["rated"] > group["counts"]["pairs"] for group in groups):
        notes.append(
            _(
                "Dashed: rated again under 10 minutes or over 8 hours after the start, "
                "or typed in over 4 hours later."
            )
        )
    return notes


def _left_out(group: dict) -> list[str]:
    counts, drawn = group["counts"], len(group["latest"])
    unrated = counts["sessions"] - counts["rated"]
    uncompared = counts["rated"] - counts["pairs"]
    parts = []
    if counts["mixed"]:
        text = _("%(n)s of the compared held another treatment as well")
        parts.append(text % {"n": counts["mixed"]})
    if unrated:
        parts.append(_("%(n)s not rated again and not drawn") % {"n": unrated})
    if uncompared:
        parts.append(_("%(n)s dashed and not compared") % {"n": uncompared})
    if drawn < counts["rated"]:
        text = _("drawn are the latest %(drawn)s of %(total)s")
        parts.append(text % {"drawn": drawn, "total": counts["rated"]})
    return parts


def _card_table(groups: list[dict]) -> dict:
    found = [(session, group["name"]) for group in groups for session in group["latest"]]
    found.sort(key=lambda pair: pair[0]["started_at"], reverse=True)
    rows = [
        [
            date_format(session["diary_date"], "D j M Y"),
            name,
            str(session["pain_before"]),
            str(session["pain_after"]),
            _length(session),
            "" if session["is_pair"] else _("not compared"),
        ]
        for session, name in found
    ]
    total = sum(group["counts"]["rated"] for group in groups)
    return {
        "columns": [_("Day"), _("What"), _("Before"), _("After"), _("Rated again after"), ""],
        "rows": rows,
        "note": _listed(len(rows), total),
    }
