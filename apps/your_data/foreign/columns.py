"""Which column of a foreign file means what: what can be chosen, and what its name suggests."""

import re

from django.utils.translation import gettext_lazy as _

# In the order of the page; the names are plain ones in English and German, the likeliest first.
MEANINGS = {
    "date": _("Day, or day and time"),
    "time": _("Time, if it has a column of its own"),
    "leg_pain": _("Leg pain"),
    "back_pain": _("Back pain"),
    "side": _("Side"),
    "note": _("Note"),
    "treatment": _("What you did"),
    "pain_before": _("Pain before it"),
    "pain_after": _("Pain after it"),
    "after_time": _("Time of the pain after"),
    "minutes": _("Minutes"),
}
USUAL_NAMES = {
    "date": "date, datum, day, tag, datetime, timestamp, zeitpunkt, zeitstempel, when, wann",
    "time": "time, uhrzeit, zeit",
    "after_time": "time after, uhrzeit nachher, uhrzeit danach",
    "pain_before": "pain before, schmerz vorher, before, vorher, schmerz davor, davor, pre",
    "pain_after": "pain after, schmerz nachher, after, nachher, schmerz danach, danach, post",
    "back_pain": "back pain, rückenschmerz, rückenschmerzen, back, rücken",
    "leg_pain": "leg pain, beinschmerz, beinschmerzen, leg, bein, pain, schmerz, schmerzen, nrs, "
    "pain level, pain score, schmerzstärke, vas, rating, score",
    "treatment": "treatment, treatments, behandlung, therapy, therapie, anwendung, maßnahme, "
    "what i did, activity",
    "minutes": "minutes, minuten, duration, dauer, min",
    "side": "side, seite",
    "note": "note, notes, notiz, notizen, comment, comments, bemerkung, bemerkungen, kommentar, "
    "anmerkung, remarks",
}


def guessed(header: list[str]) -> dict[str, int]:
    """The columns, from 0, whose names are those of a meaning, or else hold one as words."""
    named = [" ".join(re.findall(r"[^\W\d_]+", name.casefold())) for name in header]
    found: dict[str, int] = {}
    for fits in (
        lambda usual, name: usual == name,
        lambda usual, name: f" {usual} " in f" {name} ",
    ):
        for meaning, names in USUAL_NAMES.items():
            free = [n for n in range(len(named)) if n not in found.values()]
            fitting = (n for usual in names.split(", ") for n in free if fits(usual, named[n]))
            if meaning not in found and (column := next(fitting, None)) is not None:
                found[meaning] = column
    return found
