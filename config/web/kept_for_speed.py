"""Sessions and the cache, which pages may write while they are only read."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.core.cache.backends.db import DatabaseCache
from django.db import InterfaceError, OperationalError

from config.postgres.read_only import is_refusal, written_if_possible


class SessionStore(db.SessionStore):
    """A log-in is prolonged, a message is ticked off, where the database takes it."""

    def save(self, must_create=False):
        try:
            super().save(must_create)
        except UpdateError as error:
            failure = error.__context__
            if is_refusal(failure):
                return
            if isinstance(failure, (OperationalError, InterfaceError)):
                # Else Django takes the session for deleted, and answers 400: what was sent would
                # be refused for good, where it only has to be sent again.
                raise failure from None
            raise


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
