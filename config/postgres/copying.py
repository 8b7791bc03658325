"""Very many new rows at once: COPY, where ``bulk_create`` writes each value into a statement.

A table whose rows are shown by owner takes no COPY. So the rows come into a temporary table, which
knows no rule, and from there in one INSERT, for which all rules hold: constraints, keys, triggers,
and whose rows they are.
"""

from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.models import AutoField, Field, Model

MANY = 200  # from so many on it is quicker
ARRIVED = "arrived_rows"
NEW_KEYS = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"


def store_rows(rows: Iterable[Model]) -> list[Model]:
    """New rows of one model, few or many, in a statement or two. In a transaction."""
    new = list(rows)
    if len(new) < MANY:
        return type(new[0]).objects.bulk_create(new) if new else new
    return copy_rows(new)


def copy_rows(new: list[Model]) -> list[Model]:
    """Store new rows of one model, and give each its key. In a transaction.

    Raises what ``bulk_create`` raises; then nothing of them is stored.
    """
    options = new[0]._meta
    fields = options.concrete_fields
    table, columns = _quoted(options.db_table), ", ".join(_quoted(each.column) for each in fields)
    for row in new:
        row._prepare_related_fields_for_save(operation_name="copy_rows")
    with connection.wrap_database_errors, connection.cursor() as cursor:
        _give_keys(cursor, new)
        # Names and constants: no value of a row is in these.
        chosen = f"SELECT {columns} FROM {table} WITH NO DATA"  # noqa: S608
        cursor.execute(f"CREATE TEMPORARY TABLE {ARRIVED} ON COMMIT DROP AS {chosen}")
        with cursor.copy(f"COPY {ARRIVED} FROM STDIN") as copy:
            for row in new:
                copy.write_row(_values(row, fields))
        insert = f"INSERT INTO {table} ({columns}) SELECT * FROM {ARRIVED}"  # noqa: S608
        cursor.execute(f"{insert}; DROP TABLE {ARRIVED}")
    for row in new:
        row._state.adding, row._state.db = False, connection.alias
    return new


def _give_keys(cursor, rows: Sequence[Model]) -> None:
    """In the order of the rows, as a sequence would."""
    options = rows[0]._meta
    if not isinstance(options.pk, AutoField):
        return
    without = [row for row in rows if row.pk is None]
    cursor.execute(NEW_KEYS, [options.db_table, options.pk.column, len(without)])
    for row, (key,) in zip(without, cursor.fetchall(), strict=True):
        row.pk = key


def _values(row: Model, fields: Sequence[Field]) -> list:
    return [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
