"""Rows of a foreign file, by the columns that somebody chose, into rows of our own format.

``exchange_rows`` then reads these as it reads those of our own files: the same rules, the same
words. What the file does not say is not made up: a day without a time is noted at noon, one with
a part of the day ("Evening") at an hour of it, both as from memory; and a rating after, of which
no time is known, is never compared.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.users.models import User
from apps.your_data.foreign.file import ForeignFile
from apps.your_data.foreign.values import (
    is_nothing,
    read_rating,
    read_side,
    read_treatments,
)
from apps.your_data.table.clocks import read_clock
from apps.your_data.table.days import Said, read_moment
from apps.your_data.table.problems import Place, Problems

NOON = time(12)
AGAIN_AFTER = timedelta(minutes=45)  # where the file does not say when
# Of which of their columns a problem in ours is said.
SPELT = {"at": "date", "diary_date": "date", "treatments": "treatment", "after_at": "after_time"}

Cells = dict[str, object]


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
    """``columns`` are numbers from 0 by meaning, and ``date_order``."""

    def __init__(self, user: User, file: ForeignFile, columns: dict, problems: Problems):
        self.zone, self.file, self.columns = user.zone, file, columns
        numbers = {name: n for name, n in columns.items() if isinstance(n, int)}
        names = {name: file.names[number] for name, number in numbers.items()}
        self.numbers, self.problems = numbers, NamedProblems(problems, names)

    def __iter__(self) -> Iterator[tuple[Place, Cells, list[str]]]:
        """Places, cells of our format, and the fields that say when it was typed: at import."""
        for place, cells in self.file.full_rows(self.problems.problems):
            said = {name: cells[number] for name, number in self.numbers.items()}
            before = self.problems.total
            entries = list(self._entries(place, said))
            if self.problems.total == before:
                yield from ((place, *entry) for entry in entries)

    def _entries(self, place, said):
        """A check-in, a session, or both; nothing of a row that says nothing."""
        if all(is_nothing(said.get(name, "")) for name in self.numbers if name != "date"):
            return
        found, is_timed = self._moment(place, said)
        at = found and found.at
        shared = {"at": at and at.isoformat(), "side": read_side(said.get("side", ""))}
        if at and found.day != at.astimezone(self.zone).date():  # 24:00 is still that day
            shared["diary_date"] = found.day.isoformat()
        ratings = {
            name: self._rating(place, name, said)
            for name in ("leg_pain", "back_pain", "pain_before", "pain_after")
        }
        is_session = not is_nothing(said.get("pain_before", "")) or bool(ratings["pain_after"])
        typed_now = [] if is_timed else ["entered_at"]
        note = said.get("note", "")
        if is_session:
            session = self._session(place, said, at, ratings)
            has_after_moment = bool(said.get("after_time")) and is_timed
            late = [] if has_after_moment or not ratings["pain_after"] else ["after_entered_at"]
            yield shared | session | {"note": note}, typed_now + late
            note = ""
        else:
            note = self._with_treatment(note, said)
        check_in = {name: ratings[name] for name in ("leg_pain", "back_pain")}
        if not is_session or any(check_in.values()):
            yield shared | check_in | {"kind": "checkin", "note": note}, typed_now

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

    def _rating(self, place, name, said):
        with self._told(place, name):
            return read_rating(said.get(name, ""))
        return ""

    def _session(self, place, said, at, ratings):
        treatments = read_treatments(said.get("treatment", ""))
        if treatments is None:
            message = _(
                "What you did is missing. Write it there, or “wait and see” if you just waited."
            )
            self.problems.add(place, "treatment", message)
        session = {"kind": "session", "treatments": treatments}
        session |= {name: ratings[name] for name in ("pain_before", "pain_after")}
        minutes = said.get("minutes", "")
        session["minutes"] = "" if is_nothing(minutes) else minutes
        if ratings["pain_after"] and at:
            session["after_at"] = self._after(place, said, at).isoformat()
        return session

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

    def _with_treatment(self, note, said):
        """Without a rating before it is no session: what was done stays readable, in the note."""
        done = said.get("treatment", "")
        return note if is_nothing(done) else "\n".join(filter(None, [done, note]))

    @contextmanager
    def _told(self, place, name):
        try:
            yield
        except ValidationError as error:
            self.problems.add(place, name, " ".join(error.messages))
