"""Programs whose files we know by the names of their columns.

Where each layout is described stands in docs/exchange.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Profile:
    """``header``: names that all are there, with | between them; ``columns``: names by meaning.

    ``is_short`` says that its ratings are on a scale of less than eleven steps, ``order`` which
    comes first in its days.
    """

    name: str
    header: str
    columns: dict[str, str]
    is_short: bool = False
    order: str = ""

    def is_of(self, names: set[str]) -> bool:
        return set(self.header.split("|")) <= names

    def chosen(self, header: Iterable[str]) -> dict[str, int | str]:
        """The columns by their number from 0, as ``ColumnsForm`` takes them."""
        numbers = {name.casefold(): number for number, name in reversed(list(enumerate(header)))}
        chosen: dict[str, int | str] = {"date_order": self.order} if self.order else {}
        for meaning, name in self.columns.items():
            if name in numbers:
                chosen[meaning] = numbers[name]
        return chosen


PROFILES = (
    Profile(
        "Bearable",
        "date|time of day|category|rating/amount|detail|notes",
        {
            "date": "date",
            "time": "time of day",
            "about": "category",
            "about_more": "detail",
            "pain": "rating/amount",
            "note": "notes",
        },
        is_short=True,
    ),
    Profile(
        "Daylio",
        "full_date|date|weekday|time|mood|activities|note",
        {
            "date": "full_date",
            "time": "time",
            "pain": "mood",
            "treatment": "activities",
            "note": "note",
        },
    ),
    Profile(
        "Migraine Buddy",
        "#|started|lasted|pain level",
        {"date": "started", "pain": "pain level", "note": "notes"},
        order="mdy",
    ),
    Profile(
        "Manage My Pain",
        "date|time|pain severity|location",
        {
            "date": "date",
            "time": "time",
            "pain": "pain severity",
            "about": "location",
            "note": "notes",
        },
    ),
    Profile(
        "Flaredown",
        "checkin_date|trackable_type|trackable_name|trackable_value",
        {
            "date": "checkin_date",
            "about": "trackable_type",
            "about_more": "trackable_name",
            "pain": "trackable_value",
        },
        is_short=True,
    ),
    Profile("Baby Buddy", "child_id|note|time", {"date": "time", "note": "note"}),
    Profile("Baby Buddy", "child_id|start|end|notes", {"date": "start", "note": "notes"}),
)
# A form's answers have the questions as names: only the first column is always called the same.
TIMESTAMPS = {"timestamp", "zeitstempel"}


def profile_of(rows: list[list[str]]) -> tuple[int, Profile | None]:
    """The first of the rows, from 0, that is the header of a program that we know, and which."""
    for number, cells in enumerate(rows):
        names = {cell.casefold() for cell in cells}
        for profile in PROFILES:
            if profile.is_of(names):
                return number, profile
    if rows and rows[0] and rows[0][0].casefold() in TIMESTAMPS:
        return 0, Profile("Google Forms", "", {})
    return 0, None
