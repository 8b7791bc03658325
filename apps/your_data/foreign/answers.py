"""The form for what a file from elsewhere leaves open."""

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from apps.your_data.foreign.columns import FURTHER_RATINGS, MEANINGS
from apps.your_data.foreign.questions import Questions, guessed_target
from apps.your_data.foreign.ratings import BOTH, NOTE, OUT
from apps.your_data.foreign.scales import ANSWERS, How, Trouble
from apps.your_data.foreign.treatments import parts_of
from apps.your_data.table.cells import shown

PLACES = {
    "leg_pain": _lazy("The leg"),
    "back_pain": _lazy("The back"),
    BOTH: _lazy("Both: the same number for leg and back"),
    "headache": _lazy("The head: it becomes the headache"),
}
TARGETS = {
    "leg_pain": _lazy("Leg pain"),
    "back_pain": _lazy("Back pain"),
    BOTH: _lazy("Leg and back pain"),
    **{name: MEANINGS[name] for name in FURTHER_RATINGS},
    NOTE: _lazy("A note"),
    OUT: _lazy("Leave these rows out"),
}
ABOUT_SCALES = {
    Trouble.HALF: _lazy("{columns}: there are half points. This diary has whole numbers only."),
    Trouble.HUNDRED: _lazy("{columns}: the numbers go up to 100. This diary goes from 0 to 10."),
    Trouble.SHORT: _lazy("{columns}: this looks like a scale of 0 to 4 or 5, not of 0 to 10."),
}
IN_WORDS = {
    How.UP: _lazy("Round, half points up: 6.5 becomes 7"),
    How.DOWN: _lazy("Round, half points down: 6.5 becomes 6"),
    How.TENTH: _lazy("Divide by ten and round, half points up: 65 becomes 7"),
    How.NOTE: _lazy("Keep them as a note, as they are written"),
    How.AS_IS: _lazy("They are from 0 to 10: take them as they are"),
    How.OUT: _lazy("Leave these ratings out"),
}
UNTREATED = {
    "wait": _lazy("You waited: wait and see"),
    "leg_pain": _lazy("An entry about the leg, with the pain before"),
    "back_pain": _lazy("An entry about the back, with the pain before"),
    OUT: _lazy("Leave them out"),
}
MOST_EXAMPLES = 5


class AnswersForm(forms.Form):
    """A field for each question; nothing is chosen beforehand but what a word says itself."""

    def __init__(self, asked: Questions, data=None, *, chosen: dict | None = None):
        super().__init__(data)
        self.asked, self.chosen = asked, chosen or {}
        self._ask_order()
        self._ask_place()
        self._ask_words()
        self._ask_scales()
        self._ask_treatments()

    def _ask(self, name, label, choices, *, initial=None, widget=forms.RadioSelect, hint=""):
        self.fields[name] = forms.ChoiceField(
            label=label,
            choices=choices,
            initial=initial,
            widget=widget,
            help_text=hint,
            error_messages={"required": _lazy("Choose one.")},
        )

    def _ask_order(self):
        if self.asked.order:
            self._ask("date_order", *self.asked.order)

    def _ask_place(self):
        if self.asked.place:
            label = _lazy("Where is the pain of this file?")
            self._ask("place", label, PLACES.items(), initial=self.chosen.get("place"))

    def _ask_words(self):
        known = self.chosen.get("about", {})
        for number, (word, rows) in enumerate(self.asked.words.items()):
            self._ask(
                f"word_{number}",
                shown(word) or _("(nothing)"),
                [("", _lazy("Choose")), *TARGETS.items()],
                initial=known.get(word, guessed_target(word)),
                widget=forms.Select,
                hint=_("Rows: %(rows)s") % {"rows": rows},
            )

    def _ask_scales(self):
        for trouble, meanings in self.asked.scales.items():
            columns = ", ".join(
                _("“%(name)s”") % {"name": shown(name)} for name in meanings.values()
            )
            choices = [(how.value, IN_WORDS[how]) for how in ANSWERS[trouble]]
            label = format_lazy(ABOUT_SCALES[trouble], columns=columns)
            initial = self.chosen.get("scales", {}).get(next(iter(meanings)))
            self._ask(f"scale_{trouble.value}", label, choices, initial=initial)
        if self.asked.texts:
            examples = ", ".join(shown(text) for text in self.asked.texts[:MOST_EXAMPLES])
            choices = [(how.value, IN_WORDS[how]) for how in (How.NOTE, How.OUT)]
            label = _("Some ratings are words: %(examples)s") % {"examples": examples}
            self._ask("texts", label, choices, initial=self.chosen.get("words"))

    def _ask_treatments(self):
        for number, cell in enumerate(self.asked.cells):
            parts = parts_of(cell)
            split = _("%(n)s things: %(names)s") % {"n": len(parts), "names": " · ".join(parts)}
            choices = [("split", split), ("whole", _lazy("One thing, as it is written"))]
            self._ask(f"cell_{number}", shown(cell), choices, initial=self._was("split", cell))
        for number, sign in enumerate(self.asked.signs):
            label = _("What stands between two “%(sign)s” is") % {"sign": sign}
            choices = [("split", _lazy("A thing of its own")), ("whole", _lazy("One thing"))]
            initial = self._was("split_signs", sign)
            self._ask(f"sign_{number}", label, choices, initial=initial)
        if self.asked.untreated:
            label = _("Rows with a pain before that do not say what you did: %(rows)s")
            label %= {"rows": self.asked.untreated}
            initial = self.chosen.get("untreated")
            self._ask("untreated", label, UNTREATED.items(), initial=initial)

    def _was(self, kind, cell):
        if kind not in self.chosen:
            return None
        return "split" if cell in self.chosen[kind] else "whole"

    def fields_of(self, *beginnings: str) -> list:
        """Bound fields whose names begin so, for the page."""
        return [self[name] for name in self.fields if name.startswith(beginnings)]

    @property
    def words(self):
        return self.fields_of("word_")

    @property
    def treatments(self):
        return self.fields_of("cell_", "sign_")

    @property
    def others(self):
        return self.fields_of("date_order", "place", "scale_", "texts", "untreated")

    def answers(self) -> dict:
        """As ``ForeignRows`` takes them."""
        said, asked = self.cleaned_data, self.asked
        about = {word: said[f"word_{n}"] for n, word in enumerate(asked.words)}
        scales = {
            name: said[f"scale_{trouble.value}"]
            for trouble, names in asked.scales.items()
            if said[f"scale_{trouble.value}"] != How.AS_IS
            for name in names
        }
        return {
            "place": said.get("place", ""),
            "about": about,
            "scales": scales,
            "words": said.get("texts", ""),
            "split": [c for n, c in enumerate(asked.cells) if said[f"cell_{n}"] == "split"],
            "split_signs": [s for n, s in enumerate(asked.signs) if said[f"sign_{n}"] == "split"],
            "untreated": said.get("untreated", ""),
        }
