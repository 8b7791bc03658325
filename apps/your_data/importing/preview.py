"""A file that is looked at before it is imported: it waits an hour for a yes or a no."""

import gzip
from datetime import date, datetime

from django.db import transaction

from apps.conditions.models import Condition
from apps.diary.models import PendingImport, Seal, SelfTest
from apps.treatments.models import Treatment
from apps.users.models import User
from apps.your_data.archive.read import Told
from apps.your_data.foreign.file import foreign_file
from apps.your_data.importing.locking import lock
from apps.your_data.importing.store import Outcome, Tally, import_diary, look_at
from apps.your_data.importing.taking_back import note_import
from apps.your_data.table.problems import Problems
from apps.your_data.table.read_csv import days_in_question

LONGEST_NAME = PendingImport._meta.get_field("name").max_length
MOST_NAMES = 50
MOST_TOLD = 5000


def upload(user: User, *, name: str, data: bytes, at: datetime) -> Outcome:
    """Look at a file, and keep it for an hour unless it has a problem.

    One from elsewhere is kept without a look: first somebody must say what its columns mean; and
    so is one of ours whose days a spreadsheet has rewritten so that they could be two.
    """
    file = foreign_file(data)
    if file or days_in_question(data):
        columns = file.profile.chosen(file.header) if file and file.profile else {}
        columns |= {"asks": True} if columns else {}
        keep(user, name=name, data=data, columns=columns, at=at)
        return Outcome(Problems())
    outcome = look_at(user, data, at=at)
    if not outcome.problems:
        keep(user, name=name, data=data, found=found_in(outcome), at=at)
    return outcome


def keep(user: User, *, name, data: bytes, at: datetime, found=None, columns=None) -> None:
    """In place of the file that waited before. What nobody answers for goes by the regular work."""
    fields = {
        "name": name[-LONGEST_NAME:] or "-",
        "content": gzip.compress(data, compresslevel=1),
        "columns": columns,
        "found": found,
        "uploaded_at": at,
    }
    PendingImport.objects.for_user(user).update_or_create(
        defaults=fields, create_defaults={**fields, "user": user}
    )


def waiting(user: User, *, at: datetime) -> PendingImport | None:
    """The person's file without its content; None where none waits, or not any more."""
    files = PendingImport.objects.for_user(user).waiting(at=at)
    return files.defer("content").first()


def choose_columns(file: PendingImport, columns: dict, *, at: datetime) -> Problems:
    """Look at the file with these columns, and keep the choice with it."""
    outcome = look_at(file.user, file.data, at=at, columns=columns)
    keep_choice(file, columns, found=None if outcome.problems else found_in(outcome))
    return outcome.problems


def keep_choice(file: PendingImport, columns: dict, *, found: dict | None = None) -> None:
    """What was chosen so far; without ``found`` more is to be asked."""
    own = PendingImport.objects.for_user(file.user).filter(pk=file.pk)
    own.update(columns=columns, found=found)


@transaction.atomic
def import_waiting(user: User, *, at: datetime, from_memory: bool = False) -> Outcome | None:
    """Import the file that waits, and let it go; None where none waits (any more).

    ``from_memory`` is as in ``import_diary``.

    Everything is asked again: the diary may have changed since somebody looked.
    """
    lock(user)
    files = PendingImport.objects.for_user(user).waiting(at=at)
    file = files.select_for_update().first()
    if file is None or file.found is None:
        return None
    with transaction.atomic():
        outcome = import_diary(
            user,
            file.data,
            at=at,
            columns=file.columns,
            from_memory=from_memory,
            leave_out=True,
        )
        more_stays_out = outcome.left_out.total > file.found.get("left_out", {}).get("total", 0)
        transaction.set_rollback(more_stays_out)
    if more_stays_out:  # than somebody has agreed to
        keep_choice(file, file.columns, found=found_in(outcome))
        return None
    file.delete()
    note_import(
        user,
        name=file.name,
        at=at,
        entries=outcome.new,
        made=outcome.rows,
        filled=outcome.changes,
    )
    return outcome


def leave(user: User) -> bool:
    """Delete the file that waits, and say whether there was one."""
    deleted, _by_model = PendingImport.objects.for_user(user).delete()
    return deleted > 0


def found_in(outcome: Outcome) -> dict:
    """What the preview says of a file, in JSON's own types."""
    return {
        "new": _tally(outcome.new_entries),
        "known": _tally(outcome.known_entries),
        "conditions": _names(outcome.made.get(Condition, [])),
        "treatments": _names(outcome.made.get(Treatment, [])),
        "others": outcome.others,
        "undated": outcome.undated,
        "self_tests": len(outcome.rows.get(SelfTest, [])),
        "seals": len(outcome.rows.get(Seal, [])),
        "filled": _told(outcome.filled),
        "left": _told(outcome.left),
        "left_out": {
            "total": outcome.left_out.total,
            "rows": len(outcome.left_out.places),
            "told": outcome.left_out.told,
            "shown": [
                {"place": same.where, "column": same.column, "message": same.message}
                for same in outcome.left_out.each_once
            ],
        },
        "passed_over": [{"why": why, "rows": rows} for why, rows in outcome.passed_over.items()],
        "columns_out": outcome.columns_out,
    }


def _tally(tally: Tally):
    return {
        "number": tally.number,
        "first": tally.first and tally.first.isoformat(),
        "last": tally.last and tally.last.isoformat(),
        "examples": [
            {
                "line": str(each.place),
                "day": each.day.isoformat(),
                "time": each.time,
                "said": each.said,
                "note": each.note,
            }
            for each in tally.examples
        ],
    }


def _told(rows: list[Told]):
    """Row by row; equal ones that follow one another once, with their lines."""
    same = Problems()
    for place, what, why in rows[:MOST_TOLD]:
        same.add(place, what, why)
    shown = [
        {"line": each.where, "what": each.column, "why": each.message} for each in same.each_once
    ]
    return {"shown": shown, "more": len(rows) - same.told}


def _names(names):
    """Enough to read, and how many more there are."""
    return {"shown": names[:MOST_NAMES], "more": max(0, len(names) - MOST_NAMES)}


def with_days(found: dict) -> dict:
    """The same with real days in place of their ISO text, for a page."""
    return found | {part: _with_days(found[part]) for part in ("new", "known")}


def _with_days(tally):
    days = {end: tally[end] and date.fromisoformat(tally[end]) for end in ("first", "last")}
    examples = [
        each | {"day": date.fromisoformat(each["day"])} for each in tally.get("examples", [])
    ]
    return tally | days | {"examples": examples}
