"""What a row says besides its pains: sleep and the like, painkillers, symptoms, the reach."""

from apps.your_data.foreign.columns import FURTHER_RATINGS, SYMPTOM_COLUMNS
from apps.your_data.foreign.ratings import Rated, Ratings, Refuse
from apps.your_data.foreign.values import is_nothing
from apps.your_data.foreign.words import furthest_in, is_yes, symptoms_in


def further(said: dict[str, str], ratings: Ratings, rated: Rated, refuse: Refuse) -> dict:
    """Cells of our own format; words that it has no place for go into the note."""
    cells = {
        name: ratings.read(name, said.get(name, ""), rated, refuse) for name in FURTHER_RATINGS
    }
    cells["painkillers"] = _painkillers(said.get("painkillers", ""), rated, ratings.names)
    cells["symptoms"] = _symptoms(said, rated, ratings.names)
    cells["furthest"] = _furthest(said.get("furthest", ""), rated, ratings.names)
    return {name: value for name, value in cells.items() if value}


def _painkillers(cell, rated, names):
    """Whatever is named there was taken; its name is kept."""
    is_taken = is_yes(cell)
    if is_taken is not None:
        return "yes" if is_taken else "no"
    if is_nothing(cell):
        return ""
    _keep("painkillers", cell, rated, names)
    return "yes"


def _symptoms(said, rated, names):
    cell = said.get("symptoms", "")
    known, others = ([], []) if is_nothing(cell) else symptoms_in(cell)
    if others:
        _keep("symptoms", ", ".join(others), rated, names)
    ticked = [name for name in SYMPTOM_COLUMNS if is_yes(said.get(name, ""))]
    for name in SYMPTOM_COLUMNS:
        cell = said.get(name, "")
        if is_yes(cell) is None and not is_nothing(cell):
            _keep(name, cell, rated, names)
    return list(dict.fromkeys(known + ticked))


def _furthest(cell, rated, names):
    if is_nothing(cell):
        return ""
    point = furthest_in(cell)
    if not point:
        _keep("furthest", cell, rated, names)
    return point


def _keep(name, cell, rated, names):
    rated.notes.append(f"{names[name]}: {cell}")
