"""For whom the program acts at this moment: as which role, and whose rows the database shows.

The database has the last word on whose rows a query meets (row-level security, see
docs/decisions/13-row-level-security.md). What it goes by is set here, and told to the connection by
``config/postgres/backend`` before the next query, whichever connection that is.

A request always acts as the role of the web, also where the process has logged in as another: the
tests and ``runserver`` log in as the owner. Outside a request the role is the one of the log-in.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db import connection
from psycopg.sql import quote

from config.postgres.roles import REPORT, WEB

# SECURITY DEFINER functions of the migration that made the policies; there are no others.
OWNER_OF_LINK = "sharing_owner_of_link"
OWNER_OF_CALENDAR = "diary_owner_of_calendar"
PATIENCE = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
OF_THE_SERVER = (None, None, None)


@dataclass(frozen=True, slots=True)
class Acting:
    """``role``: none is the one of the log-in. ``key``: of the person whose rows are shown, or
    what the function ``whose`` finds them by; none shows nobody's."""

    role: str | None = None
    whose: str | None = None
    key: int | str | None = None
    patience: tuple[str | None, ...] = OF_THE_SERVER

    def statements(self, told: "Acting | None") -> str:
        """What the connection is told, where it was told ``told`` last (none: nobody knows what).

        In one message, the role first: not every role may look somebody up.
        """
        said = [] if told and told.role == self.role else [_set("role", self.role)]
        if not told or (told.whose, told.key) != (self.whose, self.key):
            said.append(self._set_person())
        if not told or told.patience != self.patience:
            said += map(_set, PATIENCE, self.patience)
        return ";".join(said)

    def _set_person(self):
        if self.whose is None:
            return _set("app.user_id", "" if self.key is None else self.key)
        found = f"{self.whose}({quote(self.key)})::text"
        return f"SELECT set_config('app.user_id', coalesce({found}, ''), false)"


def _set(name, value):
    return f"RESET {name}" if value is None else f"SET {name} TO {quote(str(value))}"


OUTSIDE = Acting()
_now: ContextVar[Acting] = ContextVar("acting", default=OUTSIDE)
now = _now.get


@contextmanager
def acting(**changes: Any) -> Iterator[None]:
    token = _now.set(replace(now(), **changes))
    try:
        yield
    finally:
        _now.reset(token)


def as_stranger():
    """How every request begins: as the web's role, with nobody's rows."""
    role = None if connection.settings_dict["USER"] == WEB else WEB
    return acting(role=role, whose=None, key=None, patience=settings.PATIENCE)


def become(user_id: int) -> None:
    """This person's rows, until the request ends; outside a request nothing changes."""
    if now() != OUTSIDE:
        _now.set(replace(now(), whose=None, key=user_id))


def as_person(user_id: int):
    """This person's rows: for who has shown a proof of theirs, or was made just now."""
    return acting(whose=None, key=user_id)


def as_owner_of_link(public_id: str):
    """The rows of whose link this is; nobody's where there is no such link."""
    return acting(whose=OWNER_OF_LINK, key=public_id)


def as_owner_of_calendar(secret_sha256: str):
    """The rows of whose calendar this secret opens; nobody's where it opens none."""
    return acting(whose=OWNER_OF_CALENDAR, key=secret_sha256)


def as_reader(user_id: int):
    """This person's rows, as a role that can only read."""
    return acting(role=REPORT, whose=None, key=user_id)


def patiently():
    """For exports and imports, whose statements and transactions may take minutes."""
    return acting(patience=settings.LONG_PATIENCE)


def kept(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """A stream of which each piece is made as now, patiently; between two, others are served."""
    return _made_as(replace(now(), patience=settings.LONG_PATIENCE), iter(pieces))


def _made_as(as_then, pieces):
    while True:
        token = _now.set(as_then)
        try:
            piece = next(pieces, None)
        finally:
            _now.reset(token)
        if piece is None:
            return
        yield piece
