"""A database that takes no changes for now: a standby, or one that its host has closed."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import InternalError, connection, transaction
from psycopg.errors import ReadOnlySqlTransaction

NOT_WAITING = "SET LOCAL synchronous_commit = off"


def is_refusal(error: BaseException | None) -> bool:
    """Whether the database has refused to change anything, whatever it was asked to change."""
    return isinstance(error, InternalError) and isinstance(error.__cause__, ReadOnlySqlTransaction)


@contextmanager
def written_if_possible(*, on_the_disk: bool = True) -> Iterator[None]:
    """For what is only kept so that pages are quick: where nothing is saved, pages go on.

    ``on_the_disk=False`` does not wait for it: what a power cut takes can be worked out again. In
    a transaction that saves more than this, all of it is waited for.
    """
    is_alone = not connection.in_atomic_block
    try:
        with transaction.atomic():
            if is_alone and not on_the_disk:
                connection.cursor().execute(NOT_WAITING)
            yield
    except InternalError as error:
        if not is_refusal(error):
            raise
