"""Which column of a foreign file means what: what can be chosen, and what its name suggests."""

import re
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy as _

# By the parts of the page; the names below are plain ones in English and German, the likeliest
# first.
WHEN = {
    "date": _("Day, or day and time"),
    "time": _("Time, if it has a column of its own"),
}
RATED = {
    "leg_pain": _("Leg pain"),
    "back_pain": _("Back pain"),
    "pain": _("Pain: one number"),
    "about": _("Where it was, or what was rated"),
    "about_more": _("The same, more exactly"),
    "side": _("Side"),
    "note": _("Note"),
}
TIMES_OF_DAY = {
    "morning": _("Pain in the morning"),
    "noon": _("Pain at noon"),
    "evening": _("Pain in the evening"),
    "night": _("Pain at night"),
}
# Where the back has columns of its own beside them.
BACK_AT = {name: f"back_{name}" for name in TIMES_OF_DAY}
BACK_TIMES = {
    "back_morning": _("Back pain in the morning"),
    "back_noon": _("Back pain at noon"),
    "back_evening": _("Back pain in the evening"),
    "back_night": _("Back pain at night"),
}
DONE = {
    "treatment": _("What you did"),
    "pain_before": _("Pain before it"),
    "pain_after": _("Pain after it"),
    "after_time": _("Time of the pain after"),
    "minutes": _("Minutes"),
    "hours": _("How long, in hours"),
    "adverse_effect": _("Side effect"),
}
FURTHER_RATINGS = {
    "sleep": _("Sleep, rated from 0 to 10"),
    "stress": _("Stress"),
    "energy": _("Energy"),
    "headache": _("Headache"),
    "muscle_tension": _("Muscle tension"),
}
SYMPTOM_COLUMNS = {
    "numbness": _("Numbness, yes or no"),
    "tingling": _("Tingling, yes or no"),
    "burning": _("Burning, yes or no"),
    "weakness": _("Weakness, yes or no"),
}
FURTHER = {
    **FURTHER_RATINGS,
    "painkillers": _("Painkillers"),
    "symptoms": _("Symptoms, in words"),
    **SYMPTOM_COLUMNS,
    "furthest": _("Furthest point it reaches"),
    "condition": _("Which complaint"),
}
MEANINGS = WHEN | RATED | TIMES_OF_DAY | BACK_TIMES | DONE | FURTHER
# Of which one number, and no place, is given.
PLACELESS = ("pain", *TIMES_OF_DAY)
PAINS = ("leg_pain", "back_pain", *PLACELESS, *BACK_TIMES, "pain_before", "pain_after")
RATINGS = (*PAINS, *FURTHER_RATINGS)
# A row with nothing but these says nothing.
SAY_NOTHING = {"date", "time", "after_time", "side", "about", "about_more", "condition"}
SAY_SOMETHING = tuple(name for name in MEANINGS if name not in SAY_NOTHING)

USUAL_NAMES = {
    "date": "full date, date, datum, day, tag, datetime, timestamp, zeitpunkt, zeitstempel, when, "
    "wann, started",
    "time": "time, uhrzeit, zeit, time of day, tageszeit, when, wann",
    "after_time": "time after, uhrzeit nachher, uhrzeit danach",
    "pain_before": "pain before, schmerz vorher, before, vorher, schmerz davor, davor, pre",
    "pain_after": "pain after, schmerz nachher, after, nachher, schmerz danach, danach, post",
    "back_evening": "back pm, pm back, back pain pm, pm back pain, back evening, evening back, "
    "back pain in the evening, back pain evening, rücken abends, abends rücken, rücken abend",
    "back_noon": "back noon, noon back, back pain at noon, back midday, rücken mittags",
    "back_night": "back night, night back, back pain at night, rücken nachts, nachts rücken",
    "back_morning": "back am, am back, back pain am, am back pain, back morning, morning back, "
    "back pain in the morning, back pain morning, rücken morgens, morgens rücken, rücken früh",
    "evening": "pm pain, pain pm, leg pm, pm leg, leg pain pm, leg evening, evening pain, "
    "pain in the evening, evening, pm, abends, abend, schmerz abends",
    "noon": "noon pain, pain at noon, noon, midday, afternoon, mittags, mittag",
    "night": "night pain, pain at night, night, nachts, nacht",
    "morning": "am pain, pain am, leg am, am leg, leg pain am, leg morning, morning pain, "
    "pain in the morning, morning, am, morgens, schmerz morgens, früh",
    "headache": "headache, kopfschmerz, kopfschmerzen, migraine, migräne",
    "back_pain": "back pain, rückenschmerz, rückenschmerzen, back, rücken",
    "leg_pain": "leg pain, beinschmerz, beinschmerzen, leg, bein",
    "about_more": "trackable name",
    "about": "where, wo, location, ort, stelle, body part, körperteil, area, trackable type, "
    "metric, category, kategorie",
    "treatment": "treatment, treatments, behandlung, therapy, therapie, anwendung, maßnahme, "
    "what i did, what did you do, was hast du getan, was hast du gemacht, was ich getan habe, "
    "was ich gemacht habe, activity, activities",
    "minutes": "minutes, minuten, duration, dauer, min",
    "hours": "duration h, dauer h, duration hours, hours, stunden",
    "side": "side, seite",
    "note": "note, notes, notiz, notizen, comment, comments, bemerkung, bemerkungen, kommentar, "
    "anmerkung, remarks",
    "adverse_effect": "side effect, side effects, nebenwirkung, nebenwirkungen",
    "painkillers": "painkillers, painkiller, schmerzmittel, analgesics",
    "sleep": "sleep, sleep quality, schlaf, schlafqualität",
    "stress": "stress, stress level",
    "energy": "energy, energie, energy level",
    "muscle_tension": "muscle tension, tension, muskelspannung, verspannung",
    "numbness": "numbness, numb, taubheit",
    "tingling": "tingling, kribbeln",
    "burning": "burning, brennen",
    "weakness": "weakness, schwäche",
    "symptoms": "symptoms, symptom, symptome",
    "furthest": "furthest point, reach, reicht bis, ausstrahlung bis",
    "condition": "condition, complaint, beschwerde, diagnosis, diagnose",
    "pain": "pain, schmerz, schmerzen, nrs, pain level, pain score, schmerzstärke, vas, "
    "pain severity, rating, score, value, wert",
}
# A number of these is no rating, whatever else the name says.
NO_RATING = {"hours", "hour", "stunden", "h", "hrs", "steps", "schritte", "count", "minutes"}
SHORTEST_PART = 3  # letters: "am" is a word of German in the middle of a name


def guessed(header: Sequence[str], is_day=None) -> dict[str, int]:
    """The columns, from 0, whose names are those of a meaning, or else hold one as words.

    ``is_day`` says whether a day can be read in the column of a number: such a one comes first.
    """
    named = [" ".join(re.findall(r"[^\W\d_]+", name.casefold())) for name in header]
    found: dict[str, int] = {}
    for fits in (_is, _is_part):
        for meaning, names in USUAL_NAMES.items():
            if meaning in found:
                continue
            free = [n for n in range(len(named)) if n not in found.values()]
            fitting = [n for usual in names.split(", ") for n in free if fits(usual, named[n])]
            fitting = [n for n in fitting if fits is _is or _may_mean(meaning, named[n])]
            if meaning == "date" and is_day:
                fitting = [n for n in fitting if is_day(n)] or fitting
            if fitting:
                found[meaning] = fitting[0]
    return found


def _is(usual, name):
    return usual == name


def _is_part(usual, name):
    return len(usual) >= SHORTEST_PART and f" {usual} " in f" {name} "


def _may_mean(meaning, name):
    """Whether a name that only holds one of its usual names could."""
    words = set(name.split())
    if meaning in BACK_TIMES:  # whole names only: the back alone is no time of day
        return False
    if meaning in TIMES_OF_DAY and len(words) > 1:
        return not words.isdisjoint({"pain", "schmerz", "schmerzen"})
    if meaning == "hours":  # those of sleep are no length of a session
        return not words.isdisjoint({"duration", "dauer", "long", "lange"})
    return meaning not in FURTHER_RATINGS or NO_RATING.isdisjoint(words)


def left_out(names: Iterable[str], chosen: dict) -> list[str]:
    """The names of the columns that mean nothing."""
    used = {number for name, number in chosen.items() if name in MEANINGS}
    return [name for number, name in enumerate(names) if number not in used]
