"""A database that takes no changes for now: a standby, or one that its host has closed."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from django.db import InternalError, connection, transaction
from psycopg.errors import ReadOnlySqlTransaction

NOT_WAITING = "SET LOCAL synchronous_commit = off"


def is_refusal(error: BaseException | None) -> bool:
    """Whether the database has refused to change anything, whatever it was asked to change."""
    return isinstance(error, InternalError) and isinstance(error.__cause__, ReadOnlySqlTransaction)


@contextmanager
def _unless_refused() -> Iterator[None]:
    try:
        yield
    except InternalError as error:
        if not is_refusal(error):
            raise


@contextmanager
def written_if_possible() -> Iterator[None]:
    """For what is only kept so that pages are quick: where nothing is saved, pages go on."""
    with _unless_refused(), transaction.atomic():
        yield


def write_if_possible(statement: str, values: dict[str, Any]) -> None:
    """Likewise one statement, and no wait for the disk: what a power cut takes can be worked out
    again. In a transaction that saves more than this, all of it is waited for.

    Alone, it is one message to the database; a transaction around it would take three more.
    """
    if connection.in_atomic_block:
        around: AbstractContextManager[Any] = transaction.atomic()
    else:
        around, statement = nullcontext(), f"{NOT_WAITING};{statement}"
    with _unless_refused(), around, connection.cursor() as cursor:
        cursor.execute(statement, values)
