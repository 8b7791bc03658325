"""What is read piece by piece, all of it as the database was at one moment."""

from collections.abc import Iterable, Iterator

from django.db import connection, transaction

# The moment is that of the first query: it is asked here, not when the first row is wanted.
FROM_HERE_ON = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT 1"


def at_one_moment(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces, made in one transaction that sees nothing newer than its beginning.

    Its cursors end with it, so that a pooler hands none of them on. Whoever stops reading ends
    the transaction by closing this. Inside another transaction that one's moments hold.
    """
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute(FROM_HERE_ON)
        yield from pieces
