"""Words that people write in their own tables, in English and in German."""

import re

from apps.conditions.models import Side
from apps.diary.models import Furthest, Symptom

YES = {"yes", "y", "ja", "j", "x", "✓", "✔", "true", "wahr", "taken", "genommen"}
NO = {"no", "n", "nein", "false", "falsch", "none", "keine", "keins", "nichts", "nothing"}
LEG = r"leg|legs|bein|beine|calf|calves|wade|thigh|oberschenkel|unterschenkel|foot|feet|fuß|fuss"
BACK = r"back|rücken|lumbar|lws|kreuz|spine|rückenschmerz\w*|kreuzschmerz\w*"
DONE = r"treatment|therapy|medication|behandlung|therapie|medikament\w*"
PAIN = r"pain\w*|schmerz\w*|sciatica|ischias\w*"
SIDES = {
    Side.BOTH: r"both|beide\w*|bilateral",
    Side.LEFT: r"left|links?|linke[rsnm]?",
    Side.RIGHT: r"right|rechts?|rechte[rsnm]?",
}
SYMPTOMS = {
    Symptom.NUMBNESS: r"numb\w*|taub\w*",
    Symptom.TINGLING: r"tingl\w*|pins and needles|kribbel\w*|ameisen\w*",
    Symptom.BURNING: r"burn\w*|brenn\w*",
    Symptom.WEAKNESS: r"weak\w*|schwäche\w*|schwach\w*",
}
FURTHEST = {
    Furthest.FOOT: r"foot|feet|toes?|fuß|fuss|zehe?n?",
    Furthest.CALF: r"calf|calves|shin|lower leg|wade|unterschenkel",
    Furthest.THIGH: r"thigh|upper leg|knee|oberschenkel|knie",
    Furthest.BUTTOCK: r"buttocks?|glutes?|gesäß|po",
    Furthest.LOWER_BACK: r"lower[ _]back|back|unterer rücken|rücken|kreuz|lws",
}
HOURS = re.compile(r"(\d{1,4}(?:[.,]\d{1,9})?)\s*(?:h|hrs?|hours?|std\.?|stunden?)?", re.I)
HOURS_AND_MINUTES = re.compile(
    r"(\d{1,4})\s*(?::|h|hrs?|hours?|std\.?|stunden?)\s*(\d{1,2})\s*(?:m\w*)?", re.I
)
MINUTES = re.compile(r"(\d{1,6})(?:[.,]0+)?\s*(?:m|min|mins|minutes?|minuten?|')?\.?", re.I)
BETWEEN = re.compile(r"\s*[;,|/+&]\s*|\s+(?:and|und)\s+")


def _holds(words: str, text: str) -> bool:
    return bool(re.search(rf"\b(?:{words})\b", text.casefold()))


def places_in(text: str) -> list[str]:
    """The scales that a word names by itself: a leg, a back, both, or none of them."""
    named = {"leg_pain": rf"{LEG}|beinschmerz\w*", "back_pain": BACK}
    return [scale for scale, words in named.items() if _holds(words, text)]


def is_bare_pain(text: str) -> bool:
    """Pain of which it does not say where: nobody may take it for that of a leg."""
    return _holds(PAIN, text) and not places_in(text)


def is_about_treatment(text: str) -> bool:
    return _holds(DONE, text)


def side_in(text: str) -> str:
    found = [side for side, words in SIDES.items() if _holds(words, text)]
    if {Side.LEFT, Side.RIGHT} <= set(found):
        return Side.BOTH
    return found[0] if found else ""


def symptoms_in(text: str) -> tuple[list[str], list[str]]:
    """The symptoms that are known here, and the words of the others."""
    known: list[str] = []
    others: list[str] = []
    for part in filter(None, BETWEEN.split(text)):
        found = [symptom.value for symptom, words in SYMPTOMS.items() if _holds(words, part)]
        (known if found else others).extend(found or [part])
    return list(dict.fromkeys(known)), others


def furthest_in(text: str) -> str:
    """The furthest point that the words name; "" for one that is not known here."""
    return next((point for point, words in FURTHEST.items() if _holds(words, text)), "")


def is_yes(cell: str) -> bool | None:
    """Whether a cell says yes; None where it says something else. A number above 0 is a yes."""
    word = cell.casefold()
    if word in YES:
        return True
    if word in NO:
        return False
    return float(word.replace(",", ".")) > 0 if re.fullmatch(r"\d+(?:[.,]\d+)?", word) else None


def minutes_in(cell: str, *, is_hours: bool = False) -> str:
    """Whole minutes; what cannot be read stays as it is, to be refused."""
    if match := HOURS_AND_MINUTES.fullmatch(cell) if is_hours or "h" in cell.casefold() else None:
        return str(int(match[1]) * 60 + int(match[2]))
    if is_hours and (match := HOURS.fullmatch(cell)):
        return str(round(float(match[1].replace(",", ".")) * 60))
    match = None if is_hours else MINUTES.fullmatch(cell)
    return match[1] if match else cell
