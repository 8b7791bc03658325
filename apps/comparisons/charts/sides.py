"""Which side it was on, in words: its switches, and the stretches between them."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

from django.utils.translation import gettext as _

from apps.comparisons.reading.spans import Span
from apps.conditions.models import Side

LONGEST_CHAIN = 4
LONGEST_SILENCE = timedelta(days=14)
DAY = timedelta(days=1)


def switches(sides: list[tuple], span: Span) -> dict[int, tuple[str, int]]:
    """Per slot in which the side switched the words and how often: "left → right", 1."""
    found = {}
    for (_before, before), (day, after) in pairwise(sides):
        if before != after:
            found.setdefault(span.slot_of(day), [before]).append(after)
    return {
        slot: (text, len(chain) - 1)
        for (slot, chain), text in zip(found.items(), in_a_row(found.values()), strict=True)
    }


def switch_days(sides: list[tuple]) -> list[date]:
    """The days on which the side switched, each once."""
    days = [day for (_before, before), (day, after) in pairwise(sides) if before != after]
    return list(dict.fromkeys(days))


def in_a_row(chains: Iterable[list[str]]) -> list[str]:
    """Sides one after the other as "left → right", or how often it switched if too many."""
    names = {side: str(Side(side).label) for side in Side}
    many = _("%(n)s switches of side")
    return [
        " → ".join(names[side] for side in chain)
        if len(chain) <= LONGEST_CHAIN
        else many % {"n": len(chain) - 1}
        for chain in chains
    ]


def stretches(sides: list[tuple], span: Span) -> list[dict]:
    """From when until when it was on one side, in days from the first; the end is not in it.

    A stretch goes on to the next switch, but not through two weeks without a word about it.
    """
    found = []
    for day, side in sides:
        last = found[-1] if found else None
        is_near = last and day - last["until"] <= LONGEST_SILENCE
        if is_near and last["side"] == side:
            last["until"] = day + DAY
            continue
        if is_near:
            last["until"] = day
        found.append({"side": side, "from": day, "until": day + DAY})
    return [_drawn(stretch, span) for stretch in found]


def _drawn(stretch: dict, span: Span) -> dict:
    words = str(Side(stretch["side"]).label)
    days = {end: (stretch[end] - span.first_day).days for end in ("from", "until")}
    return {"side": stretch["side"], "words": words, "letter": words[0].upper(), **days}


def in_slots(sides: list[tuple], span: Span) -> dict[int, str]:
    """Per slot the side in words; where it switched, one after the other."""
    names = {side: str(Side(side).label) for side in Side}
    found = {span.slot_of(day): names[side] for day, side in sides}
    return found | {slot: text for slot, (text, _n) in switches(sides, span).items()}
