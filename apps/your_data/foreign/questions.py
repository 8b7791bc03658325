"""What a file from elsewhere leaves open once its columns are chosen: each is asked once."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.functional import Promise

from apps.your_data.foreign.columns import MEANINGS, PAINS, PLACELESS, RATINGS
from apps.your_data.foreign.file import ForeignFile
from apps.your_data.foreign.ratings import NOTE, OUT, word_of
from apps.your_data.foreign.scales import Trouble, is_above_low, looked_at, number_of
from apps.your_data.foreign.treatments import signs_in
from apps.your_data.foreign.values import is_nothing, read_treatments
from apps.your_data.foreign.words import is_about_treatment, is_bare_pain, places_in
from apps.your_data.table.days import DayReading, question_of, read_moment, readings_of

UTC = ZoneInfo("UTC")
MOST_CELLS = 30  # with several treatments; where there are more, their signs are asked about
MOST_WORDS = 60  # of what a row is about; the others, the rarest, stay out


@dataclass(slots=True)
class Questions:
    """What is to be asked; nothing where all is empty.

    ``words`` are what rows are about, with how many; ``scales`` the meanings with that trouble,
    with what the file calls them.
    """

    order: tuple[str | Promise, list] | None = None
    place: bool = False
    words: dict[str, int] = field(default_factory=dict)
    scales: dict[Trouble, dict[str, str]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    signs: list[str] = field(default_factory=list)
    untreated: int = 0

    def __bool__(self):
        return any(getattr(self, name) for name in self.__slots__)


def questions(file: ForeignFile, columns: dict) -> Questions:
    """``columns`` as ``ForeignRows`` takes them, without answers."""
    is_by_word = "about" in columns and "pain" in columns
    rows = list(_dated(file, columns))
    asked = Questions(
        order=None if "date_order" in columns else _order(file, columns),
        place=not is_by_word and any(map(_has_number, _placeless(rows))),
    )
    if is_by_word:
        counted = Counter(word_of(said) for said in rows if not is_nothing(said["pain"]))
        asked.words = dict(counted.most_common(MOST_WORDS))
    _ask_scales(asked, file, columns, rows)
    if "pain_before" in columns:
        _ask_treatments(asked, rows)
    return asked


def _placeless(rows):
    return (said.get(name, "") for said in rows for name in PLACELESS)


def _has_number(cell):
    return number_of(cell) is not None


def _order(file, columns):
    """The question which of two days is meant, with its answers; None where there is none."""
    days = [cells[columns["date"]] for cells in file.cells()]
    readings = readings_of(days)
    return question_of(readings, days) if len(readings) > 1 else None


def _dated(file, columns) -> Iterator[dict[str, str]]:
    """What the rows say whose day can be read: an average below a table asks for nothing."""
    numbers = {name: number for name, number in columns.items() if name in MEANINGS}
    for cells in file.cells():
        if len(cells) == len(file.header) and has_day(cells[numbers["date"]]):
            yield {name: cells[number] for name, number in numbers.items()}


def has_day(cell: str) -> bool:
    """Whether it can be read as a day, whichever of its numbers comes first."""
    for reading in DayReading:
        try:
            read_moment(cell, reading, UTC)
        except ValidationError:
            continue
        return True
    return False


def _ask_scales(asked, file, columns, rows):
    texts: dict[str, bool] = {}
    pains = [cell for name in PAINS if name in columns for cell in _rated(name, rows)]
    is_whole_scale = any(map(is_above_low, pains))
    for name in RATINGS:
        if name not in columns:
            continue
        is_whole = is_whole_scale and name in PAINS
        title = file.names[columns[name]]
        found = looked_at(title, _rated(name, rows), is_whole_scale=is_whole)
        trouble = found.trouble
        if file.profile and file.profile.is_short and name == "pain":
            trouble = Trouble.SHORT
        if trouble:
            asked.scales.setdefault(trouble, {})[name] = title
        texts |= dict.fromkeys(found.words, True)
    asked.texts = list(texts)


def _rated(name, rows):
    """What stands in a column of ratings; not where the row is about something else."""
    for said in rows:
        is_rating = name != "pain" or guessed_target(word_of(said)) not in (NOTE, OUT)
        if not is_nothing(said[name]) and (is_rating or "about" not in said):
            yield said[name]


def _ask_treatments(asked, rows):
    sessions = [said for said in rows if not is_nothing(said["pain_before"])]
    done = [said.get("treatment", "") for said in sessions]
    several = list(dict.fromkeys(cell for cell in done if signs_in(cell)))
    if len(several) > MOST_CELLS:
        asked.signs = list(dict.fromkeys(sign for cell in several for sign in signs_in(cell)))
    else:
        asked.cells = several
    asked.untreated = sum(read_treatments(cell) is None for cell in done)


def guessed_target(word: str) -> str:
    """What a word says by itself: leg, back, both or no rating; "" where it must be said."""
    if not word:
        return ""
    places = places_in(word)
    if places:
        return places[0] if len(places) == 1 else "both"
    if is_bare_pain(word):
        return ""
    return NOTE if is_about_treatment(word) else OUT
