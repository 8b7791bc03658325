"""Where a complaint's pain is rated, in words: in leg and back, or in one or two places of its own.

The database, files and charts know the two scales as ``leg_pain`` and ``back_pain`` whatever they
are about; what a person reads asks the condition for its words.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from config.language.labels import label_of

SCALES = ("leg_pain", "back_pain")
MOST_PLACES = len(SCALES)


class Place(TextChoices):
    """Those that have a word in each language; anybody may write others."""

    LEG = "leg", _lazy("leg")
    BACK = "back", _lazy("back")
    NECK = "neck", _lazy("neck")
    SHOULDER = "shoulder", _lazy("shoulder")
    ARM = "arm", _lazy("arm")
    HAND = "hand", _lazy("hand")
    HIP = "hip", _lazy("hip")
    KNEE = "knee", _lazy("knee")
    FOOT = "foot", _lazy("foot")


PAIN = {
    Place.LEG: _lazy("leg pain"),
    Place.BACK: _lazy("back pain"),
    Place.NECK: _lazy("neck pain"),
    Place.SHOULDER: _lazy("shoulder pain"),
    Place.ARM: _lazy("arm pain"),
    Place.HAND: _lazy("hand pain"),
    Place.HIP: _lazy("hip pain"),
    Place.KNEE: _lazy("knee pain"),
    Place.FOOT: _lazy("foot pain"),
}
WORDS = frozenset(Place.values)
USUAL = (Place.LEG, Place.BACK)
# From the back down: what reaches further, or is new on both sides, can come from the spine.
FROM_THE_BACK_DOWN = {Place.LEG, Place.BACK, Place.HIP, Place.KNEE, Place.FOOT}


@dataclass(frozen=True, slots=True)
class Rated:
    """One place: a ``Place``'s value, or a word of the person's own."""

    code: str

    def __str__(self):
        return self.name

    @property
    def is_own(self) -> bool:
        return self.code not in WORDS

    @property
    def name(self) -> str:
        """ "leg" """
        return self.code if self.is_own else label_of(Place(self.code))

    @property
    def pain(self) -> str:
        """ "leg pain" """
        if self.is_own:
            return _("%(place)s pain") % {"place": self.code}
        return str(PAIN[Place(self.code)])


@dataclass(frozen=True, slots=True)
class Places:
    """Where one condition is rated; ``second`` None: in one place only."""

    first: Rated
    second: Rated | None = None

    @classmethod
    def of(cls, first: str = "", second: str = "") -> "Places":
        """As a condition stores them; both empty: leg and back."""
        if not first:
            return cls(*map(Rated, USUAL))
        return cls(Rated(first), Rated(second) if second else None)

    def __iter__(self) -> Iterator[Rated]:
        return iter([self.first, self.second] if self.second else [self.first])

    def __str__(self):
        """ "leg and back" """
        return self._joined(_("%(first)s and %(second)s"), [place.name for place in self])

    @property
    def by_scale(self) -> dict[str, Rated]:
        """The places by the fields of their ratings."""
        return dict(zip(SCALES, self, strict=False))

    @property
    def is_usual(self) -> bool:
        return self.stored == ("", "")

    @property
    def stored(self) -> tuple[str, str]:
        codes = tuple(place.code for place in self)
        return ("", "") if codes == USUAL else (*codes, "")[:MOST_PLACES]

    @property
    def is_from_the_back_down(self) -> bool:
        """Whether it makes sense to ask how far down the leg it reaches, and of both legs."""
        return any(place.code in FROM_THE_BACK_DOWN for place in self)

    @property
    def pains(self) -> str:
        """ "leg pain and back pain" """
        return self._joined(_("%(first)s and %(second)s"), [place.pain for place in self])

    @property
    def either_pain(self) -> str:
        """ "leg pain or back pain" """
        return self._joined(_("%(first)s or %(second)s"), [place.pain for place in self])

    def _joined(self, both: str, words: list[str]) -> str:
        if len(words) == 1:
            return words[0]
        return both % {"first": words[0], "second": words[1]}


LEG_AND_BACK = Places.of()


def code_of(word: str) -> str:
    """A built-in place's code for its name in the language of now or in English; else the word."""
    word = " ".join(word.split())
    known = {str(place.label).casefold(): place.value for place in Place}
    return known.get(word.casefold(), word.casefold() if word.casefold() in Place.values else word)


def in_order(before: Places, chosen: Iterable[str]) -> Places:
    """The one or two chosen, each on the scale that it has already; new ones take what is free."""
    chosen = list(dict.fromkeys(chosen))[:MOST_PLACES]
    had = [place.code for place in before]
    new = iter([code for code in chosen if code not in had])
    slots = [code if code in chosen else next(new, None) for code in had]
    return Places.of(*filter(None, [*slots, *new]))
