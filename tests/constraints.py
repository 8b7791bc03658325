"""For tests that the database itself refuses a row, and by which rule."""

import pytest
from django.db import IntegrityError, connection, transaction


def refusing_constraint(make) -> str:
    """The name of the constraint by which the database refuses what ``make()`` stores."""

    @transaction.atomic
    def make_and_check():
        make()
        _check_now()

    with pytest.raises(IntegrityError) as refused:
        make_and_check()
    return refused.value.__cause__.diag.constraint_name


def constraints_of(*models) -> set[str]:
    """The constraints in the models' Meta, and the tables' foreign keys that hold the owner."""
    named = {constraint.name for model in models for constraint in model._meta.constraints}
    return named | {name for model in models for name in _same_owner_keys(model)}


def same_id_again(row):
    """Store a row a second time.

    The primary key goes first (until the test ends): it would refuse before the rule about
    (user, id), to which the foreign keys refer, is asked.
    """
    table = row._meta.db_table
    _check_now()
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {table}_pkey")
    type(row).objects.bulk_create([row])


def _same_owner_keys(model):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass "
            "AND contype = 'f' AND array_length(conkey, 1) > 1",
            [model._meta.db_table],
        )
        return [name for (name,) in cursor.fetchall()]


def _check_now():
    """Foreign keys are checked at the end of a transaction, which a test never reaches."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
