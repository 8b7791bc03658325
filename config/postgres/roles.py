"""The roles of the database, and what each may do there.

The **owner** is who DATABASE_URL names on a machine of one's own: it migrates, dumps, and is who
``manage.py`` runs as. The web process logs in as **WEB**, which owns nothing and meets the rows of
one person at a time; the regular work as **WORK**, which meets everybody's, for backups too, but
changes little; a shared report is read as **REPORT**, which nobody can log in as.
"""

import os
from urllib.parse import quote, urlsplit

import psycopg
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import ProgrammingError, connection
from django.utils.crypto import salted_hmac

WEB, WORK, REPORT = "did_it_work_web", "did_it_work_work", "did_it_work_report"
PASSWORDS = {WEB: "WEB_DATABASE_PASSWORD", WORK: "WORK_DATABASE_PASSWORD"}
# Whether it may log in, and whether it sees everybody's rows.
ATTRIBUTES = {WEB: (True, False), WORK: (True, True), REPORT: (False, False)}
FORBIDDEN = "NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION"

GRANTS = f"""
    REVOKE CREATE ON SCHEMA public FROM PUBLIC;
    GRANT USAGE ON SCHEMA public TO {WEB}, {WORK}, {REPORT};

    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {WEB};
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {WEB};
    -- Said in the migration, too; but a dump can be restored without what it grants.
    REVOKE ALL ON FUNCTION sharing_owner_of_link(text), diary_owner_of_calendar(text) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION sharing_owner_of_link(text), diary_owner_of_calendar(text) TO {WEB};

    GRANT SELECT, DELETE ON ALL TABLES IN SCHEMA public TO {WORK};
    GRANT INSERT, UPDATE ON diary_reminder, diary_reminderplan, diary_revision, cache TO {WORK};
    GRANT INSERT, UPDATE ON diary_call, diary_callplan TO {WORK};
    GRANT UPDATE (waits_until) ON diary_pushsubscription TO {WORK};
    -- To lock a row one must be able to change it.
    GRANT UPDATE (demo_until) ON users_user TO {WORK};
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {WORK};  -- SELECT: for backups

    REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {WEB}, {WORK};

    -- For tables that later migrations make.
    ALTER DEFAULT PRIVILEGES IN SCHEMA public
        GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {WEB};
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO {WEB};
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {WORK};
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, DELETE ON TABLES TO {WORK};
"""  # noqa: S608 (constants)
# On the program's own server, to write tables anew without what was deleted.
REWRITING = f"""
    GRANT MAINTAIN ON ALL TABLES IN SCHEMA public TO {WORK};
    GRANT MAINTAIN ON pg_catalog.pg_statistic TO {WORK};
    GRANT EXECUTE ON FUNCTION pg_catalog.pg_switch_wal() TO {WORK};
"""
AS_IT_IS = """
    SELECT rolcanlogin, rolbypassrls, rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication
    FROM pg_roles WHERE rolname = %s
"""
WITH_POLICY = "SELECT DISTINCT polrelid::regclass::text FROM pg_policy ORDER BY 1"
# Who did not would dump, export and look up links in empty tables.
SEES_ALL = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
IS_SUPERUSER = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
POWERLESS = (
    "The role of DATABASE_URL may not make the roles of the program: as an administrator of the "
    "server, run ALTER ROLE … CREATEROLE BYPASSRLS for it, once (docs/hosting.md says why)."
)


def is_owner() -> bool:
    """Whether this process has logged in as the owner, not as a role that is made here."""
    return connection.settings_dict["USER"] not in PASSWORDS


def password(role: str) -> str:
    """Of the environment. Else made of SECRET_KEY, where one process is both owner and web."""
    made = salted_hmac("config.postgres.roles", role, algorithm="sha256").hexdigest()
    return os.environ.get(PASSWORDS[role]) or made


def url(role: str) -> str:
    """DATABASE_URL, with this role in place of the one that it names."""
    found = urlsplit(os.environ["DATABASE_URL"])
    place = found.netloc.rpartition("@")[2]
    netloc = f"{role}:{quote(password(role), safe='')}@{place}"
    # Written by hand: geturl() would leave out the slashes of an address without a host.
    query = f"?{found.query}" if found.query else ""
    return f"{found.scheme}://{netloc}{found.path}{query}"


def log_in_as(role: str) -> None:
    """From now on this process, and all that it starts, is nobody else any more."""
    if connection.settings_dict["USER"] == role:
        return
    connection.close()
    os.environ["DATABASE_URL"] = url(role)
    connection.settings_dict.update(USER=role, PASSWORD=password(role))


def make() -> None:
    """Make the roles and grant them what they need; as the owner, after every migration.

    Raises ImproperlyConfigured, with what to do, where the owner may not.
    """
    with connection.cursor() as cursor:
        cursor.execute(SEES_ALL)
        if cursor.fetchone() != (True,):
            raise ImproperlyConfigured(POWERLESS)
        try:
            for role in ATTRIBUTES:
                _make(cursor, role)
            _let(cursor, WEB, REPORT)
            _let_web_copy(cursor)
        except ProgrammingError as error:
            if isinstance(error.__cause__, psycopg.errors.InsufficientPrivilege):
                raise ImproperlyConfigured(POWERLESS) from None
            raise
        cursor.execute(GRANTS)
        _let_rewrite(cursor)
        cursor.execute(WITH_POLICY)
        tables = ", ".join(name for (name,) in cursor.fetchall())
        cursor.execute(f"GRANT SELECT ON {tables} TO {REPORT}")


def _let_rewrite(cursor):
    cursor.execute(IS_SUPERUSER)
    if settings.IS_EMBEDDED and cursor.fetchone() == (True,):
        cursor.execute(REWRITING)
        _let(cursor, WORK, "pg_checkpoint")


def _make(cursor, role):
    """What is as it should be stays: two programs may do this at once, each on its database."""
    cursor.execute(AS_IT_IS, [role])
    found = cursor.fetchone()
    if found is None:
        cursor.execute(f"CREATE ROLE {role}")
    is_log_in, sees_all = ATTRIBUTES[role]
    if found == (is_log_in, sees_all, False) and (not is_log_in or _opens(role)):
        return
    words = ["LOGIN" if is_log_in else "NOLOGIN", "BYPASSRLS" if sees_all else "NOBYPASSRLS"]
    if found and found[2]:
        words.append(FORBIDDEN)  # to say so takes a superuser, also where it is so
    cursor.execute(f"ALTER ROLE {role} {' '.join(words)}")
    if is_log_in:
        _set_password(cursor, role)


def _set_password(cursor, role):
    """Only what the server keeps of a password is sent to it."""
    hashed = connection.connection.pgconn.encrypt_password(
        password(role).encode(), role.encode(), b"scram-sha-256"
    )
    cursor.execute(f"ALTER ROLE {role} PASSWORD %s", [hashed.decode()])


def _opens(role) -> bool:
    log_in = {"user": role, "password": password(role)}
    try:
        with psycopg.connect(**connection.get_connection_params() | log_in):
            return True
    except psycopg.OperationalError:
        return False


def _let(cursor, role, become):
    cursor.execute("SELECT pg_has_role(%s, %s, 'MEMBER')", [role, become])
    if cursor.fetchone() != (True,):
        cursor.execute(f"GRANT {become} TO {role}")


def _let_web_copy(cursor):
    """Imports come through a temporary table; everybody may make one, unless a host forbids it."""
    cursor.execute("SELECT has_database_privilege(%s, current_database(), 'TEMP')", [WEB])
    if cursor.fetchone() != (True,):
        name = connection.ops.quote_name(connection.settings_dict["NAME"])
        cursor.execute(f"GRANT TEMPORARY ON DATABASE {name} TO {WEB}")
