"""What the columns of a file from elsewhere mean."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from apps.your_data.foreign import columns
from apps.your_data.foreign.columns import MEANINGS, SAY_SOMETHING, guessed
from apps.your_data.foreign.file import ForeignFile
from apps.your_data.foreign.header import NO_HEADER
from apps.your_data.foreign.questions import has_day
from apps.your_data.table.cells import shown
from apps.your_data.table.days import DayReading, question_of, readings_of

LOOKED_AT = 20  # rows, for an example of each column


class HeaderForm(forms.Form):
    """In which line the columns have their names."""

    header = forms.TypedChoiceField(label=_lazy("The names of the columns stand in"), coerce=int)

    def __init__(self, file: ForeignFile, data=None):
        super().__init__(data, initial={"header": file.header_row})
        rows = [
            (number, _("“%(name)s”") % {"name": shown(", ".join(filter(None, cells)))})
            for number, cells in enumerate(file.top[:-1])
        ]
        none = (NO_HEADER, _("No line: the first is a row already"))
        self.fields["header"].choices = [*rows, none]


class ColumnsForm(forms.Form):
    """A choice of the file's columns for each meaning, guessed from their names.

    Whether 01/02 is in January or in February, or which day the number 45363 is, is asked only
    where the file itself does not say.
    """

    date_order = forms.ChoiceField(choices=DayReading, widget=forms.RadioSelect, required=False)

    def __init__(self, file: ForeignFile, data=None, *, chosen: dict | None = None):
        self.file = file
        initial = chosen if chosen and "date" in chosen else usual_choice(file)
        super().__init__(data, initial=initial)
        choices = [("", _lazy("not in the file")), *enumerate(_with_examples(file))]
        for name, label in MEANINGS.items():
            self.fields[name] = forms.TypedChoiceField(
                label=label, choices=choices, coerce=int, empty_value=None, required=False
            )
        self.order_fields([*MEANINGS, "date_order"])
        self.asks_order = False
        date = initial.get("date") if data is None else _number(data.get("date"))
        if date is not None and date < len(file.header):
            self._ask_order(date)

    @property
    def rated(self):
        return self._group(columns.RATED)

    @property
    def times_of_day(self):
        return self._group(columns.TIMES_OF_DAY | columns.BACK_TIMES)

    @property
    def done(self):
        return self._group(columns.DONE)

    @property
    def further(self):
        return self._group(columns.FURTHER)

    def _group(self, names):
        return [self[name] for name in names]

    def is_any_chosen(self, names) -> bool:
        """Whether a part of the page that is folded has something in it."""
        return any(self[name].value() not in (None, "") for name in names)

    @property
    def opens_times_of_day(self):
        return self.is_any_chosen(columns.TIMES_OF_DAY | columns.BACK_TIMES)

    @property
    def opens_further(self):
        return self.is_any_chosen(columns.FURTHER)

    def columns(self) -> dict:
        """What was chosen, as ``ForeignRows`` takes it."""
        chosen = {name: n for name, n in self.cleaned_data.items() if n not in (None, "")}
        if chosen.get("time") == chosen["date"]:
            del chosen["time"]
        return chosen

    def clean(self):
        chosen = self.cleaned_data
        if chosen.get("date") is None:
            self.add_error("date", _("Choose the column that holds the day."))
        if all(chosen.get(name) is None for name in SAY_SOMETHING):
            self.add_error(None, _("Choose at least one column with a rating or a note."))
        self._check_session(chosen)
        self._check_about(chosen)
        self._check_order(chosen)
        return chosen

    def _check_session(self, chosen):
        if chosen.get("pain_before") is not None and chosen.get("treatment") is None:
            message = _("Choose the column that says what you did between the two ratings.")
            self.add_error("treatment", message)
        if chosen.get("pain_after") is not None and chosen.get("pain_before") is None:
            self.add_error("pain_before", _("A pain after needs the pain before it."))

    def _check_about(self, chosen):
        if chosen.get("about_more") is not None and chosen.get("about") is None:
            self.add_error("about", _("Choose this one first, then the one that is more exact."))

    def _check_order(self, chosen):
        """What the file says itself counts; else the answer."""
        date = chosen.get("date")
        if date is None:
            return
        readings = self._readings(date)
        if len(readings) == 1:
            chosen["date_order"] = readings[0].value
        elif not chosen.get("date_order"):
            self.add_error("date_order", _("The file does not say it. Choose one."))

    def _ask_order(self, date):
        readings, field = self._readings(date), self.fields["date_order"]
        self.asks_order = len(readings) > 1
        if self.asks_order:
            field.label, field.choices = question_of(readings, self._days(date))

    def _readings(self, date):
        return readings_of(self._days(date))

    def _days(self, date):
        return (cells[date] for cells in self.file.cells())


def _number(text):
    return int(text) if text and text.isascii() and text.isdecimal() else None


def usual_choice(file: ForeignFile) -> dict:
    """The columns of a program that we know, else those whose names say what they are."""
    first_rows = file.first_rows(LOOKED_AT)

    def is_day(number):
        cells = [cells[number] for cells in first_rows if cells[number]]
        return not cells or any(map(has_day, cells))

    if file.profile and (known := file.profile.chosen(file.header)):
        return known
    found = guessed(file.header, is_day)
    if "date" not in found and file.header_row == NO_HEADER:
        days = [number for number, cell in enumerate(first_rows[0]) if has_day(cell)]
        found |= {"date": days[0]} if days else {}
    return found


def _with_examples(file):
    """The names of the columns, each with the first thing that stands in it."""
    first_rows = file.first_rows(LOOKED_AT)
    for number, name in enumerate(file.names):
        example = next((cells[number] for cells in first_rows if cells[number]), "")
        yield f"{name}: {shown(example)}" if example else name
