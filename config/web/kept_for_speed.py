"""Sessions and the cache, which pages may write while they are only read."""

from datetime import datetime

from django.contrib.messages.storage.session import SessionStorage as Messages
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.core.cache.backends.db import DatabaseCache
from django.db import InterfaceError, InternalError, OperationalError, connection
from django.utils import timezone

from config.postgres.compiled import compiled
from config.postgres.read_only import is_refusal, written_if_possible

# One statement is a transaction of its own, and this one does not wait for the disk.
SAY = """
    UPDATE django_session SET session_data = %s, expire_date = %s
    WHERE session_key = %s AND set_config('synchronous_commit', 'off', true) = 'off'
"""


@compiled
def _unexpired(*, key: str, at: datetime):
    sessions = db.SessionStore.get_model_class().objects
    return sessions.filter(session_key=key, expire_date__gt=at)


class SessionStore(db.SessionStore):
    """A log-in is prolonged, a message is ticked off, where the database takes it.

    Where nothing but the messages has changed, no disk is waited for: losing power within the same
    second takes "saved" from the next page, and nothing of what was saved. Whatever else stands in
    a session is waited for: who is logged in, how they have shown it, what was typed before.
    """

    found = None  # the row that was read

    def _get_session_from_db(self):
        """As Django asks, put into SQL once."""
        self.found = next(iter(_unexpired(key=self.session_key, at=timezone.now())), None)
        if self.found is None:
            self._session_key = None
        return self.found

    def save(self, must_create=False):
        try:
            if must_create or connection.in_atomic_block or not self._only_says_something():
                super().save(must_create)
            else:
                self._say()
        except UpdateError as error:
            failure = error.__context__
            if is_refusal(failure):
                return
            if isinstance(failure, (OperationalError, InterfaceError)):
                # Else Django takes the session for deleted, and answers 400: what was sent would
                # be refused for good, where it only has to be sent again.
                raise failure from None
            raise

    def _only_says_something(self) -> bool:
        if not self.found or self.found.session_key != self.session_key:
            return False  # Django makes another row
        before = self.decode(self.found.session_data)
        return _without_messages(before) == _without_messages(self._get_session())

    def _say(self):
        row = self.create_model_instance(self._get_session())
        with connection.cursor() as cursor:
            try:
                cursor.execute(SAY, [row.session_data, row.expire_date, row.session_key])
            except InternalError as error:
                if not is_refusal(error):
                    raise
            else:
                if not cursor.rowcount:
                    raise UpdateError


def _without_messages(session: dict) -> dict:
    return {name: value for name, value in session.items() if name != Messages.session_key}


class Cache(DatabaseCache):
    """What has had its time stays where nothing can be deleted, and is not given out."""

    def _base_set(self, *arguments, **named):
        with written_if_possible():
            return super()._base_set(*arguments, **named)
        return False

    def _base_delete_many(self, keys):
        with written_if_possible():
            return super()._base_delete_many(keys)
        return False
