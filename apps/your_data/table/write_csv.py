"""A diary into a CSV file, as a stream: its memory does not grow with the entries."""

import codecs
import csv
import io
from collections.abc import Iterator
from datetime import UTC, tzinfo
from functools import cache
from heapq import merge
from itertools import islice
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery, TextField, Value

from apps.conditions.models import Condition
from apps.diary.models import PlannedTreatment, SessionTreatment, WaitDraw, exported_seals
from apps.treatments.models import Treatment
from apps.users.models import User
from apps.your_data.table.cells import joined_treatments
from apps.your_data.table.columns import BY_NAME, COLUMNS, MODELS, NAMES
from apps.your_data.table.read_csv import guarded
from apps.your_data.table.write_ended_tests import ended_tests

FETCHED, WRITTEN = 2000, 500
AT, ZONE, DAY = NAMES.index("at"), NAMES.index("time_zone"), NAMES.index("diary_date")
CONDITION, TREATMENTS = NAMES.index("condition"), NAMES.index("treatments")
CHOSEN, AFTER_AT = [NAMES.index("symptoms"), NAMES.index("red_flags")], NAMES.index("after_at")
PAINKILLERS, ASKED, ID = map(NAMES.index, ("painkillers", "asked_by_app", "client_id"))
SOMETHING_ELSE, CLOSED = NAMES.index("something_else"), NAMES.index("closed")
TYPED = [NAMES.index("entered_at"), NAMES.index("after_entered_at")]
PUT_OFF, TOGETHER = NAMES.index("coin_put_off"), NAMES.index("together")
MEDICINES = NAMES.index("medicines")
SELF_TEST, BEGUN = NAMES.index("self_test"), NAMES.index("self_test_at")
OF_SELF_TEST = slice(SELF_TEST, NAMES.index("self_test_drawn") + 1)
DRAWN = NAMES.index("self_test_drawn")
WITHOUT_FIELD = {"first_place", "second_place", *NAMES[OF_SELF_TEST]}  # said of the condition
PLACES = slice(NAMES.index("first_place"), NAMES.index("second_place") + 1)
TEXTS = [NAMES.index(column.name) for column in COLUMNS if column.is_text]
YES_OR_NO = {True: "yes", False: "no", None: ""}
# Of the session's toss, if it used one.
TOSSES = WaitDraw.objects.filter(
    user=OuterRef("user"), client_id=OuterRef("client_id"), ordinal__isnull=False
)
PLANNED = PlannedTreatment.objects.filter(
    user=OuterRef("user"), draw__client_id=OuterRef("client_id")
)
OF_TOSS = {
    "coin": Subquery(TOSSES.values("outcome")),
    "coin_one_in": Subquery(TOSSES.values("one_in")),
    "coin_put_off": ArraySubquery(PLANNED.order_by("id").values("treatment_id")),
}

Values = list  # one value for each column, typed as in JSON


def export_csv(user: User) -> Iterator[bytes]:
    """The diary in chunks of the CSV file; by its first three bytes a spreadsheet knows UTF-8."""
    yield codecs.BOM_UTF8
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(NAMES)
    rows = _rows(user)
    while chunk := buffer.getvalue():
        yield chunk.encode()
        buffer.seek(0)
        buffer.truncate()
        writer.writerows(islice(rows, WRITTEN))


def _rows(user) -> Iterator[list]:
    """Check-ins and sessions together, by their moments, and after them the self-tests."""
    columns = ("id", "name", "first_place", "second_place")
    conditions = {pk: said for pk, *said in Condition.objects.for_user(user).values_list(*columns)}
    treatments = {
        pk: f"{name} [{kind}]"
        for pk, name, kind in Treatment.objects.for_user(user).values_list("id", "name", "kind")
    }
    seals = _Seals(user)
    streams = (_stored(user, order, kind) for order, kind in enumerate(MODELS))
    for _at, _order, _id, values in merge(*streams):
        values[OF_SELF_TEST] = seals.said_of(values)
        yield _csv_cells(_written(values, conditions, treatments))
    yield from ended_tests(user, conditions, treatments)


class _Seals:
    """What the rows say of self-tests that run: each of its condition, and which are its own."""

    def __init__(self, user: User):
        found = exported_seals(user)
        self.of_condition = {seal.condition_id: seal for seal in found}
        self.of_entry = {client_id: seal for seal in found for client_id in seal.client_ids}

    def said_of(self, values: Values) -> Values:
        drew = self.of_entry.get(values[ID])
        seal = drew or self.of_condition.get(values[CONDITION])
        if seal is None:
            return [None, None, None, None, None]
        asked = [seal.treatment_id, *([seal.other_id] if seal.other_id else [])]
        return [asked, seal.started_at, seal.moments, seal.minutes, True if drew else None]


def _stored(user, order, kind):
    entries = MODELS[kind].objects.for_user(user).order_by(BY_NAME["at"].field(kind), "client_id")
    columns = entries.values_list(*(_expression(column, kind) for column in COLUMNS))
    for values in columns.iterator(chunk_size=FETCHED):
        yield values[AT], order, values[ID], list(values)


def _expression(column, kind):
    """What the database is asked for, so that its rows have the columns of the file."""
    if column.name == "kind":
        return Value(kind)
    if kind not in column.kinds:
        return Value(None, output_field=TextField())
    if column.name == "condition":
        return "condition_id"
    if column.name == "treatments":
        links = SessionTreatment.objects.filter(session=OuterRef("pk")).order_by("id")
        return ArraySubquery(links.values("treatment_id"))
    if column.name in WITHOUT_FIELD:
        return Value(None, output_field=TextField())
    if column.name in OF_TOSS:
        return OF_TOSS[column.name]
    return column.field(kind)


def _written(values, conditions, treatments):
    """Moments as clocks showed them there, names for ids."""
    zone = zone_named(values[ZONE])
    values[AT] = values[AT].astimezone(zone).isoformat()
    values[DAY] = values[DAY].isoformat()
    values[ID] = str(values[ID])
    values[TOGETHER] = values[TOGETHER] and str(values[TOGETHER])
    values[CONDITION], *places = conditions[values[CONDITION]]
    values[PLACES] = places
    for index in (AFTER_AT, BEGUN, *TYPED):
        if values[index]:
            values[index] = values[index].astimezone(zone).isoformat()
    for index in (PUT_OFF, SELF_TEST):
        values[index] = [treatments[pk] for pk in values[index] or []]
    if values[TREATMENTS]:
        values[TREATMENTS] = [treatments[pk] for pk in values[TREATMENTS]]
        values[ASKED] = None  # only said of waits; a session may have become a treatment since
    return values


@cache
def zone_named(name: str) -> tzinfo:
    """The zone; UTC for a name that this system no longer knows."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def _csv_cells(values):
    values[TREATMENTS] = joined_treatments(values[TREATMENTS] or [])
    values[PUT_OFF] = joined_treatments(values[PUT_OFF])
    values[SELF_TEST] = joined_treatments(values[SELF_TEST])
    values[DRAWN] = YES_OR_NO[values[DRAWN]]
    values[MEDICINES] = joined_treatments(values[MEDICINES] or [])
    for index in CHOSEN:
        values[index] = ";".join(values[index] or [])
    values[PAINKILLERS] = YES_OR_NO[values[PAINKILLERS]]
    values[ASKED] = YES_OR_NO[values[ASKED]]
    for index in (SOMETHING_ELSE, CLOSED):
        values[index] = "yes" if values[index] else ""
    for index in TEXTS:
        if values[index]:
            values[index] = guarded(values[index])
    return values
