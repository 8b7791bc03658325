"""Rows of a foreign file, by the columns that somebody chose, into rows of our own format.

``exchange_rows`` then reads these as it reads those of our own files: the same rules, the same
words. What the file does not say is not made up: a day without a time is noted at noon, one with
a part of the day ("Evening") at an hour of it, both as from memory; and a rating after, of which
no time is known, is never compared.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from functools import partial

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.users.models import User
from apps.your_data.foreign.columns import BACK_AT, MEANINGS, PAINS, SAY_SOMETHING, TIMES_OF_DAY
from apps.your_data.foreign.file import ForeignFile
from apps.your_data.foreign.further import further
from apps.your_data.foreign.merging import Entry, merged
from apps.your_data.foreign.ratings import OUT, Rated, Ratings, word_of
from apps.your_data.foreign.treatments import Treatments
from apps.your_data.foreign.values import is_nothing, read_side
from apps.your_data.foreign.words import minutes_in, side_in
from apps.your_data.table.cells import shown
from apps.your_data.table.clocks import PARTS, read_clock
from apps.your_data.table.days import Said, read_moment
from apps.your_data.table.problems import Place, Problems

NOON = time(12)
AGAIN_AFTER = timedelta(minutes=45)  # where the file does not say when
# Of which of their columns a problem in ours is said.
SPELT = {"at": "date", "diary_date": "date", "treatments": "treatment", "after_at": "after_time"}


class NamedProblems:
    """Problems under the names that the columns have in the file."""

    def __init__(self, problems: Problems, names: dict[str, str]):
        self.problems, self.names = problems, names

    @property
    def total(self) -> int:
        return self.problems.total

    def add(self, place, column, message) -> None:
        self.problems.add(place, self.names.get(SPELT.get(column, column), column), message)


class ForeignRows:
    """``columns`` are numbers from 0 by meaning, with ``date_order`` and ``answers``.

    ``passed_over`` counts the rows that nobody wanted, by why or by their word.
    """

    def __init__(self, user: User, file: ForeignFile, columns: dict, problems: Problems):
        self.zone, self.file, self.columns = user.zone, file, columns
        numbers = {name: n for name, n in columns.items() if name in MEANINGS}
        names = {name: file.names[number] for name, number in numbers.items()}
        self.numbers, self.problems = numbers, NamedProblems(problems, names)
        answers = columns.get("answers", {})
        self.ratings, self.treatments = Ratings(answers, names), Treatments(answers)
        self.untreated = answers.get("untreated", "")
        self.is_by_word = "about" in numbers and "pain" in numbers
        self.passed_over: Counter[str] = Counter()

    def __iter__(self) -> Iterator[tuple[Place, dict, list[str]]]:
        """Places, cells of our format, and the fields that say when it was typed: at import."""
        yield from merged(self._all()) if self.is_by_word else self._all()

    def _all(self):
        for place, cells in self.file.full_rows(self.problems.problems):
            said = {name: cells[number] for name, number in self.numbers.items()}
            before = self.problems.total
            entries = self._entries(place, said)
            if self.problems.total == before:
                yield from ((place, *entry) for entry in entries)

    def _entries(self, place, said) -> list[Entry]:
        """A check-in, a session, or more; nothing of a row that says nothing."""
        if all(is_nothing(said.get(name, "")) for name in self.numbers if name in SAY_SOMETHING):
            if any(said.values()):
                self.passed_over[_("rows with no more than a day or a time")] += 1
            return []
        refuse = partial(self.problems.add, place)
        found, is_timed = self._moment(place, said)
        at = found and found.at
        rated = Rated()
        pains = self._pains(said, rated, refuse)
        if pains is None:
            self.passed_over[word_of(said) or _("(nothing)")] += 1
            return []
        sessions = self._sessions(place, said, at, is_timed, rated)
        if sessions is None:
            self.passed_over[_("rows that do not say what you did")] += 1
            return []
        check_ins = self._by_time_of_day(said, found, rated, refuse)
        own = pains | further(said, self.ratings, rated, refuse) | rated.values
        if own or not (sessions or check_ins):
            if check_ins and not pains:
                check_ins[0][0].update(own)
            else:
                typed_now = [] if is_timed else ["entered_at"]
                check_ins.insert(0, ({"kind": "checkin", "at": _iso(at), **own}, typed_now))
            _note(check_ins[0][0], rated)
        else:
            _note((sessions + check_ins)[0][0], rated)
        entries = self._with_words(said, sessions, check_ins)
        if at and found.day != at.astimezone(self.zone).date():  # 24:00 is still that day
            for cells, _typed_now in entries:
                cells["diary_date"] = found.day.isoformat()
        return entries

    def _with_words(self, said, sessions, check_ins):
        """All of them with side and condition, the first with what else is in words."""
        entries = sessions + check_ins
        shared = {"side": self._side(said), "condition": said.get("condition", "")}
        for cells, _typed_now in entries:
            cells.update(shared)
        done = [] if sessions else [self.treatments.in_words(said.get("treatment", ""))]
        where = [] if self.is_by_word else [self._where(said)]
        note = "" if is_nothing(said.get("note", "")) else said["note"]
        lines = [*done, *where, note, entries[0][0].get("note")]
        entries[0][0]["note"] = "\n".join(filter(None, lines))
        effect = said.get("adverse_effect", "")
        entries[0][0]["adverse_effect"] = "" if is_nothing(effect) else effect
        return entries

    def _pains(self, said, rated, refuse):
        """By our own names; None where the row is about something that stays out."""
        found = {}
        if self.is_by_word:
            found = self.ratings.named(word_of(said), said["pain"], rated, refuse)
        elif "pain" in said:
            found = self.ratings.placed("pain", said["pain"], rated, refuse)
        if found is None:
            return None
        for name in ("leg_pain", "back_pain"):
            if rating := self.ratings.read(name, said.get(name, ""), rated, refuse):
                found[name] = rating
        return found

    def _by_time_of_day(self, said, found, rated, refuse) -> list[Entry]:
        """A rating for each column of a time of day, from memory: nobody knows the minute."""
        entries: list[Entry] = []
        for name in TIMES_OF_DAY:
            own = Rated()
            pains = self.ratings.placed(name, said.get(name, ""), own, refuse)
            in_the_back = BACK_AT[name]
            if back := self.ratings.read(in_the_back, said.get(in_the_back, ""), own, refuse):
                pains["back_pain"] = back
            if pains and found:
                moment = datetime.combine(found.day, PARTS[name], self.zone)
                cells = {"kind": "checkin", "at": moment.isoformat(), **pains}
                _note(cells, own)
                entries.append((cells, ["entered_at"]))
            else:
                rated.notes += own.notes
        return entries

    def _moment(self, place, said) -> tuple[Said | None, bool]:
        """The day with its moment, and whether the file says the time."""
        found = None
        with self._told(place, "date"):
            found = read_moment(said["date"], self.columns.get("date_order", ""), self.zone)
        clock = said.get("time", "")
        if found and found.at is None and not is_nothing(clock):
            with self._told(place, "time"):
                read = read_clock(clock)
                found = Said(found.day, read.on(found.day, self.zone), read.is_vague)
        if found and found.at is None:
            return Said(found.day, datetime.combine(found.day, NOON, self.zone)), False
        return found, bool(found) and not found.is_vague

    def _sessions(self, place, said, at, is_timed, rated) -> list[Entry] | None:
        """The session of the row, if it is one; None where the row stays out."""
        refuse, own = partial(self.problems.add, place), Rated()
        pains = {
            name: self.ratings.read(name, said.get(name, ""), own, refuse)
            for name in ("pain_before", "pain_after")
        }
        treatments = self.treatments.of(said.get("treatment", ""))
        if treatments is None and self.untreated == "wait":
            treatments = []
        if treatments is None or not any(pains.values()):
            rated.notes += own.notes
            return self._untreated(place, pains, rated) if any(pains.values()) else []
        cells, typed_now = self._session(place, said, at, is_timed, pains, treatments)
        _note(cells, own)
        return [(cells, typed_now)]

    def _untreated(self, place, pains, rated):
        """A row with a pain before that does not say what was done, as somebody wants it."""
        if self.untreated == OUT:
            return None
        if self.untreated in ("leg_pain", "back_pain"):
            rated.values[self.untreated] = pains["pain_before"]
            if pains["pain_after"]:
                rated.notes.append(f"{self.ratings.names['pain_after']}: {pains['pain_after']}")
            return []
        message = _(
            "What you did is missing. Write it there, or “wait and see” if you just waited."
        )
        self.problems.add(place, "treatment", message)
        return []

    def _session(self, place, said, at, is_timed, pains, treatments) -> Entry:
        cells = {"kind": "session", "at": _iso(at), "treatments": treatments, **pains}
        cells["minutes"] = self._minutes(place, said)
        typed_now = [] if is_timed else ["entered_at"]
        if pains["pain_after"] and at:
            cells["after_at"] = self._after(place, said, at).isoformat()
            if is_nothing(said.get("after_time", "")) or not is_timed:
                typed_now.append("after_entered_at")
        return cells, typed_now

    def _minutes(self, place, said):
        """Whole minutes: 1:30 may be an hour and a half or a minute and a half, and is refused."""
        for name in ("minutes", "hours"):
            if is_nothing(cell := said.get(name, "")):
                continue
            found = minutes_in(cell, is_hours=name == "hours")
            if not found.isdecimal():
                message = _("“%(found)s” is no length that we can read. Write whole minutes: 30.")
                self.problems.add(place, name, message % {"found": shown(cell)})
            return found
        return ""

    def _after(self, place, said, at):
        """When it was rated again: past midnight where the clock shows less than before."""
        clock = said.get("after_time", "")
        if is_nothing(clock):
            return at + AGAIN_AFTER
        with self._told(place, "after_time"):
            local = at.astimezone(self.zone)
            after = read_clock(clock).on(local.date(), self.zone)
            return after if after >= at else after + timedelta(days=1)
        return at

    def _side(self, said):
        """Of its own column, else as the words say where it was, or the name of its column."""
        side = read_side(said.get("side", "")) or side_in(word_of(said))
        rated = [name for name in PAINS if not is_nothing(said.get(name, ""))]
        sides = dict.fromkeys(side_in(self.ratings.names[name]) for name in rated)
        return side or (next(iter(sides)) if len(sides) == 1 else "")

    def _where(self, said):
        words = word_of(said)
        return "" if is_nothing(words) else words

    @contextmanager
    def _told(self, place, name):
        try:
            yield
        except ValidationError as error:
            self.problems.add(place, name, " ".join(error.messages))


def _note(cells, rated):
    """Beside the ratings that it is about, what is to be said of them."""
    cells["note"] = "\n".join(filter(None, [cells.get("note"), *rated.notes]))


def _iso(at):
    return at and at.isoformat()
