"""The parts of "before and after": a treatment's sessions and the waits, on one scale."""

from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.comparisons.charts.words import change, latest_rows, mean, n_sessions
from apps.comparisons.reading.facts import Counted
from apps.comparisons.reading.spans import in_words


def chart(groups: list[dict]) -> dict:
    """The chart of groups as ``group_of`` makes them."""
    return {
        "name": "before_and_after",
        "module": "js/charts/before_and_after.js",
        "title": _("Before and after"),
        "summary": sentences(groups),
        "notes": notes(groups),
        "label": _("Pain before and after each session. The table has the numbers."),
        "drawing": {
            "axis": _("Pain: 0 none – 10 worst imaginable"),
            "before": _("before"),
            "after": _("after"),
            "groups": [drawn_group(group) for group in groups],
        },
        "table": table(groups),
    }


def group_of(name: str, counted: Counted, *, is_wait: bool) -> dict:
    return {
        "name": name,
        "is_wait": is_wait,
        "counts": counted.counts,
        "latest": counted.latest,
    }


def drawn_group(group: dict) -> dict:
    sessions = group["latest"]
    befores = _side_by_side(sessions, "pain_before", "pain_after")
    afters = _side_by_side(sessions, "pain_after", "pain_before")
    return {
        "name": group["name"],
        "is_wait": group["is_wait"],
        "lines": [
            {"before": before, "after": after, "is_pair": is_pair, "when": when, "text": text}
            for is_pair, before, after, when, text in zip(
                (session["is_pair"] for session in sessions),
                befores,
                afters,
                _when(sessions),
                _said(sessions),
                strict=True,
            )
        ],
        "mean": _drawn_mean(group["counts"]) if group["counts"]["pairs"] else None,
    }


def _drawn_mean(counts: dict) -> dict:
    before, after = mean(counts["before"]), mean(counts["after"])
    text = _("%(before)s before, %(after)s after")
    return {
        "before": round(counts["before"], 2),
        "after": round(counts["after"], 2),
        "labels": [before, after],
        "when": _("Mean of %(sessions)s") % {"sessions": n_sessions(counts["pairs"])},
        "text": text % {"before": before, "after": after},
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


def _when(sessions: list[dict]) -> list[str]:
    """The day and time of each session, by the clock of where the person was."""
    days = in_words(session["diary_date"] for session in sessions)
    return [
        f"{day}, {session['started_at'].astimezone(ZoneInfo(session['time_zone'])):%H:%M}"
        for session, day in zip(sessions, days, strict=True)
    ]


def _said(sessions: list[dict]) -> list[str]:
    text = _("%(before)s before, %(after)s after, %(length)s later")
    return [
        text % {"before": session["pain_before"], "after": session["pain_after"], "length": length}
        for session, length in zip(sessions, _lengths(sessions), strict=True)
    ]


def _lengths(sessions: list[dict]) -> list[str]:
    """From the start to the rating after, in minutes."""
    one, several = ngettext("%(n)s minute", "%(n)s minutes", 1), _("%(n)s minutes")
    lengths = [session["after_rated_at"] - session["started_at"] for session in sessions]
    minutes = [round(length.total_seconds() / 60) for length in lengths]
    return [(one if n == 1 else several) % {"n": n} for n in minutes]


def sentences(groups: list[dict]) -> list[str]:
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


def notes(groups: list[dict]) -> list[str]:
    """What the drawings or the means do not hold, counted, and what dashed lines are."""
    notes = [
        f"{group['name']}: {', '.join(parts)}." for group in groups if (parts := _left_out(group))
    ]
    if any(group["counts"]["rated"] > group["counts"]["pairs"] for group in groups):
        notes.append(
            _(
                "Dashed, and not compared: rated again too soon or too late, typed in over "
                "4 hours later, or with something else taken or done in between."
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


def table(groups: list[dict]) -> dict:
    found = [(session, group["name"]) for group in groups for session in group["latest"]]
    found.sort(key=lambda row: row[0]["started_at"], reverse=True)
    sessions = [session for session, _name in found]
    days = in_words(session["diary_date"] for session in sessions)
    compared = {True: "", False: _("not compared")}
    rows = [
        [
            day,
            name,
            str(session["pain_before"]),
            str(session["pain_after"]),
            length,
            compared[session["is_pair"]],
        ]
        for (session, name), day, length in zip(found, days, _lengths(sessions), strict=True)
    ]
    total = sum(group["counts"]["rated"] for group in groups)
    return {
        "columns": [_("Day"), _("What"), _("Before"), _("After"), _("Rated again after"), ""],
        "rows": rows,
        "note": latest_rows(len(rows), total),
    }
