"""The ratings of one row, as the answers about their scales and their places have them."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.your_data.foreign.columns import FURTHER_RATINGS
from apps.your_data.foreign.scales import How, converted, number_of
from apps.your_data.foreign.values import is_nothing, read_rating
from apps.your_data.table.cells import shown

BOTH, NOTE, OUT = "both", "note", "out"
SCALES_OF = {
    "leg_pain": ("leg_pain",),
    "back_pain": ("back_pain",),
    BOTH: ("leg_pain", "back_pain"),
    **{name: (name,) for name in FURTHER_RATINGS},
}

Refuse = Callable[[str, str], None]  # of the column of a meaning, and why


def word_of(said: dict[str, str]) -> str:
    """What the row is about, in the file's words."""
    return ": ".join(filter(None, (said.get("about", ""), said.get("about_more", ""))))


@dataclass(slots=True)
class Rated:
    """Ratings by our own names, and what is to be said of them in a note."""

    values: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


class Ratings:
    """``answers``: ``scales`` by meaning, ``words``, ``place``, and ``about`` by word.

    ``names`` are what the file calls its columns, by meaning.
    """

    def __init__(self, answers: dict, names: dict[str, str]):
        self.names = names
        self.scales, self.words = answers.get("scales", {}), answers.get("words", "")
        self.place, self.about = answers.get("place", ""), answers.get("about", {})

    def read(self, name: str, cell: str, rated: Rated, refuse: Refuse, label: str = "") -> str:
        """The rating in a cell; "" for none, and why in a note where that was chosen."""
        label = label or self.names.get(name, "")
        if is_nothing(cell):
            return ""
        how = self.scales.get(name)
        if self.words and number_of(cell) is None:
            return self._noted(label, cell, self.words, rated)
        if how in (How.NOTE, How.OUT):
            scale = _("on another scale than 0 to 10")
            return self._noted(label, f"{cell}, {scale}", how, rated)
        rating = (converted(cell, how) if how else None) or self._plain(name, cell, refuse)
        if how and rating and number_of(cell)[0] != int(rating):
            message = _("%(what)s converted: %(found)s in the file, here %(rating)s.")
            params = {"what": label, "found": shown(cell), "rating": rating}
            rated.notes.append(message % params)
        return rating

    def _noted(self, label, cell, how, rated):
        if how == How.NOTE:
            rated.notes.append(f"{label}: {cell}")
        return ""

    def _plain(self, name, cell, refuse):
        try:
            return read_rating(cell)
        except ValidationError as error:
            refuse(name, " ".join(error.messages))
            return ""

    def placed(self, name: str, cell: str, rated: Rated, refuse: Refuse) -> dict[str, str]:
        """One number for pain, by the place that was chosen for all of them."""
        rating = self.read(name, cell, rated, refuse)
        if rating and self.place not in SCALES_OF:
            refuse(name, _("Say where this pain is."))
            return {}
        return dict.fromkeys(SCALES_OF[self.place], rating) if rating else {}

    def named(self, word: str, cell: str, rated: Rated, refuse: Refuse) -> dict[str, str] | None:
        """One number, by what was chosen for the row's word; None where the row stays out."""
        target = self.about.get(word)
        if target == OUT:
            return None
        if target == NOTE:
            rated.notes.append(f"{word}: {cell}")
            return {}
        if target not in SCALES_OF:
            message = _("Say what “%(word)s” is.") % {"word": shown(word)}
            refuse("about", message)
            return {}
        rating = self.read("pain", cell, rated, refuse, word)
        return dict.fromkeys(SCALES_OF[target], rating) if rating else {}
