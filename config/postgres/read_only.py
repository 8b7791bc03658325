"""A database that takes no changes for now: a standby, or one that its host has closed."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import InternalError, transaction
from psycopg.errors import ReadOnlySqlTransaction


def is_refusal(error: BaseException | None) -> bool:
    """Whether the database has refused to change anything, whatever it was asked to change."""
    return isinstance(error, InternalError) and isinstance(error.__cause__, ReadOnlySqlTransaction)


@contextmanager
def written_if_possible() -> Iterator[None]:
    """For what is only kept so that pages are quick: where nothing is saved, pages go on."""
    try:
        with transaction.atomic():
            yield
    except InternalError as error:
        if not is_refusal(error):
            raise
