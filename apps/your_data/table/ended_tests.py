"""A row of a self-test that has ended: no entry, but its plan and the letters that were used."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from apps.conditions.places import Places
from apps.diary.models import SelfTest
from apps.diary.models.self_test import unit_of
from apps.users.models import User
from apps.users.typed.names import as_seen
from apps.your_data.table.letters import Used
from apps.your_data.table.problems import Place, Problems

NEEDED = ("condition", "self_test", "self_test_moments", "self_test_minutes")
FIELDS = {
    "at": "started_at",
    "self_test_minutes": "minutes",
    "self_test_sure": "expectation",
    "self_test_last_day": "ends_on",
    "self_test_may_end_early": "may_end_early",
    "self_test_seed": "seed",
    "self_test_order": "order",
    "self_test_ended_at": "ended_at",
    "self_test_ended": "why_ended",
}

Given = dict[str, object]


@dataclass(frozen=True, slots=True)
class EndedTest:
    """A self-test that is not stored yet; ``condition`` and ``asked`` are names."""

    test: SelfTest
    condition: str
    asked: list[tuple[str, str]]
    used: list[Used]
    place: Place
    places: Places | None = None

    @property
    def key(self) -> tuple[str, datetime]:
        """What it is known by."""
        return as_seen(self.condition), self.test.started_at

    def all_treatments(self) -> list[tuple[str, str]]:
        return self.asked


class EndedTests:
    """Those of one person's file, each once."""

    def __init__(self, user: User, problems: Problems):
        self.user, self.problems = user, problems
        self.found: list[EndedTest] = []
        self.seen: dict[tuple[str, datetime], tuple[Given, Place]] = {}
        self.by_entry: dict[UUID, Place] = {}

    def check(self, place: Place, given: Given, refused: set[str], *, has_ids: bool) -> None:
        """What no single cell can say; ``has_ids``: the file has a column of ``client_id``."""
        for name in NEEDED:
            if name not in given and name not in refused:
                self.problems.add(place, name, _("This must not be empty."))
        self._check_end(place, given)
        if "self_test_moments" in given:
            self._check_letters(place, given, int(given["self_test_moments"]))
        if not has_ids and "self_test_used" in given:
            message = _("This column is missing: it says which entries used the letters.")
            self.problems.add(place, "client_id", message)

    def _check_end(self, place, given):
        began, ended = given.get("at"), given.get("self_test_ended_at")
        if began and ended and ended < began:
            message = _("It must not have ended before it began.")
            self.problems.add(place, "self_test_ended_at", message)

    def _check_letters(self, place, given, moments):
        letters = len(given.get("self_test_order", "")) or moments
        if letters != moments:
            message = _("It has %(found)s letters, and there are %(moments)s sessions or days.")
            params = {"found": letters, "moments": moments}
            self.problems.add(place, "self_test_order", message % params)
        last = max((each.number for each in given.get("self_test_used", [])), default=0)
        if last > moments:
            message = _("Letter %(number)s was used, and there are only %(moments)s.")
            params = {"number": last, "moments": moments}
            self.problems.add(place, "self_test_used", message % params)

    def add(self, place: Place, given: Given, places: Places | None) -> None:
        """Keep a row without problems; the same row once more says nothing new."""
        each = self._test(place, given, places)
        known, earlier = self.seen.setdefault(each.key, (given, place))
        if earlier is place:
            self._check_entries(each)
            self.found.append(each)
        elif known != given:
            message = _("This self-test is on line %(place)s too, with other content.")
            self.problems.add(place, "self_test", message % {"place": earlier})

    def _test(self, place, given, places):
        fields = {FIELDS[name]: value for name, value in given.items() if name in FIELDS}
        moments = int(given["self_test_moments"])
        test = SelfTest(user=self.user, moments=moments, unit=unit_of(moments), **fields)
        used = given.get("self_test_used", [])
        return EndedTest(test, given["condition"], given["self_test"], used, place, places)

    def _check_entries(self, each):
        """An entry uses a letter of one self-test."""
        for used in each.used:
            earlier = self.by_entry.setdefault(used.client_id, each.place)
            if earlier is not each.place:
                message = _("An entry that used a letter of it used one on line %(place)s too.")
                self.problems.add(each.place, "self_test_used", message % {"place": earlier})
                return
