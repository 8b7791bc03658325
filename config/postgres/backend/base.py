"""Django's PostgreSQL, each connection of which is told for whom the program acts.

It is told before the next query and not when that changes: so the right connection hears of it,
also a new one in place of one that broke, and nothing is sent where nothing is asked.
"""

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

from config.postgres import acting


class DatabaseWrapper(base.DatabaseWrapper):
    told: acting.Acting | None = None  # none: it has to be told, whatever it is

    def get_new_connection(self, conn_params):
        connection = super().get_new_connection(conn_params)
        self.told = acting.OUTSIDE
        return connection

    def create_cursor(self, name=None):
        if self.told != (wanted := acting.now()):
            self._tell(wanted)
        return super().create_cursor(name)

    def _tell(self, wanted):
        if self.connection.info.transaction_status == TransactionStatus.INERROR:
            return  # nothing is answered until it is rolled back
        statements, self.told = wanted.statements(self.told), None
        # Not through a cursor of Django's: it is no query of a page.
        self.connection.execute(statements)
        self.told = wanted

    def _rollback(self):
        # What was told in the transaction is taken back with it.
        self.told = None
        super()._rollback()

    def _savepoint_rollback(self, sid):
        super()._savepoint_rollback(sid)
        self.told = None
