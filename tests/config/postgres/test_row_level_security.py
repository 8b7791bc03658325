"""What the database itself allows each role, asked of its catalogue and tried out."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from django.db import ProgrammingError, connection, transaction

from apps.conditions.models import Condition
from apps.demo.accounts import make_demo
from apps.diary.reminders.mails import send_due
from apps.sharing.models import ShareLink
from apps.your_data.expiry import clear
from config.postgres import acting, roles
from config.postgres.roles import REPORT, WEB, WORK
from tests.diary.reminders.mail_server import mail_server
from tests.factories import (
    NOON,
    CalendarFeedFactory,
    CheckInFactory,
    ConditionFactory,
    ReminderPlanFactory,
    ShareLinkFactory,
)

POWER = """
    SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls, rolcanlogin
    FROM pg_roles WHERE rolname = %s
"""
OWN_ROWS = "(user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::bigint)"
# Every other table of the program is under the policy; a new one fails here until it is, or until
# it is said why not.
WITHOUT_POLICY = {
    "users_user": "who somebody is, is found by their address or session before they are known",
    "account_emailaddress": "as users_user: log-in, sign-up and new passwords start from an address",
    "account_emailconfirmation": "unused: allauth signs its confirmations",
    "mfa_authenticator": "asked between password and log-in: hidden rows would mean no second factor",
    "django_session": "by a key of 160 bits; holds no column of a person",
    "cache": "counts of attempts",
    "auth_group": "unused",
    "auth_group_permissions": "unused",
    "auth_permission": "names of tables",
    "django_content_type": "names of tables",
    "django_migrations": "names of migrations",
}
TABLES = """
    SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity,
        (SELECT array_agg((polname::text, polcmd::text, polpermissive, polroles::text,
            pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))::text)
        FROM pg_policy WHERE polrelid = c.oid)
    FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
"""


def ask(sql, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def tables_with_policy():
    return {row[0] for row in ask(TABLES) if row[3]}


@contextmanager
def refused(match, error=ProgrammingError):
    with pytest.raises(error, match=match), transaction.atomic():
        yield


# The catalogue


def test_every_table_is_under_the_one_policy_or_in_the_list_of_those_that_are_not(db):
    policy = ask(
        "SELECT ('own_rows', '*', true, '{0}', %s::text, %s::text)::text", OWN_ROWS, OWN_ROWS
    )
    found = {name: tuple(rest) for name, *rest in ask(TABLES)}
    wanted = (True, True, [policy[0][0]])
    assert {name for name, rest in found.items() if rest != wanted} == set(WITHOUT_POLICY)


def test_tables_of_a_person_without_the_policy_are_those_of_the_log_in(db):
    found = ask(
        "SELECT table_name FROM information_schema.columns "
        "WHERE column_name = 'user_id' AND table_schema = 'public'"
    )
    of_a_person = {name for (name,) in found}
    log_in = {"account_emailaddress", "mfa_authenticator"}
    assert of_a_person - tables_with_policy() == log_in


def test_roles_have_no_power_and_own_nothing(db):
    found = {role: ask(POWER, role)[0] for role in ROLES}
    no = (False,) * 4
    assert found == {WEB: (*no, False, True), WORK: (*no, True, True), REPORT: (*no, False, False)}
    owned = "SELECT count(*) FROM pg_shdepend WHERE refobjid = %s::regrole AND deptype = 'o'"
    member = "SELECT roleid::regrole::text FROM pg_auth_members WHERE member = %s::regrole"
    assert {role: ask(owned, role) for role in ROLES} == {WEB: [(0,)], WORK: [(0,)], REPORT: [(0,)]}
    assert {role: ask(member, role) for role in ROLES} == {
        WEB: [(REPORT,)],
        WORK: [("pg_checkpoint",)],  # on the program's own server: config/recovery/rewriting.py
        REPORT: [],
    }


ROLES = (WEB, WORK, REPORT)


def granted(role):
    """Names of tables by what the role may do with the whole of them."""
    grants = ask(
        "SELECT privilege_type, table_name FROM information_schema.role_table_grants "
        "WHERE grantee = %s AND table_schema = 'public'",
        role,
    )
    found = {}
    for privilege, name in grants:
        found.setdefault(privilege, set()).add(name)
    return found


def test_grants_of_each_role(db):
    every = {name for name, *_rest in ask(TABLES)}
    own = every - {"django_migrations"}
    assert granted(WEB) == {"SELECT": every, "INSERT": own, "UPDATE": own, "DELETE": own}
    kept = {"diary_reminder", "diary_reminderplan", "diary_revision", "cache"}
    kept |= {"diary_call", "diary_callplan"}
    assert granted(WORK) == {
        "SELECT": every,
        "DELETE": own,
        "INSERT": kept,
        "UPDATE": kept,
    }
    assert granted(REPORT) == {"SELECT": tables_with_policy()}


def test_tables_of_later_migrations_are_granted_as_the_others(db):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE later (id bigint)")
    assert {"SELECT", "INSERT", "UPDATE", "DELETE"} == {
        privilege for privilege, tables in granted(WEB).items() if "later" in tables
    }


def test_two_functions_and_no_more_run_as_the_owner(db):
    found = ask(
        "SELECT proname::text, proconfig, proacl::text FROM pg_proc "
        "WHERE prosecdef AND pronamespace = 'public'::regnamespace ORDER BY 1"
    )
    pinned = ["search_path=pg_catalog, pg_temp"]
    owner = connection.settings_dict["USER"]
    acl = f"{{{owner}=X/{owner},{WEB}=X/{owner}}}"
    names = ["diary_owner_of_calendar", "sharing_owner_of_link"]
    assert found == [(name, pinned, acl) for name in names]


def test_making_the_roles_again_changes_nothing(db):
    passwords = "SELECT rolname, rolpassword FROM pg_authid ORDER BY 1"
    before = ask(passwords), {role: granted(role) for role in ROLES}
    roles.make()
    assert (ask(passwords), {role: granted(role) for role in ROLES}) == before


# Tried out, as the web's role


@pytest.fixture
def both(alice, charlie):
    """A row in each of two diaries."""
    return {user: ConditionFactory(user=user, name=user.email) for user in (alice, charlie)}


def test_everybody_meets_their_own_rows_and_nobody_no_rows(both):
    with acting.as_stranger():
        assert list(Condition.objects.all()) == []
        for user, condition in both.items():
            with acting.as_person(user.pk):
                assert list(Condition.objects.all()) == [condition]
    assert Condition.objects.count() == 2


def test_nobody_writes_rows_of_others(both, alice, charlie):
    with acting.as_stranger(), acting.as_person(charlie.pk):
        assert Condition.objects.update(name="mine") == 1
        with refused("violates row-level security policy"):
            Condition.objects.create(user=alice, name="forced on her")
        with refused("violates row-level security policy"):
            Condition.objects.update(user=alice)
        assert Condition.objects.all().delete()[0] == 1
    assert list(Condition.objects.all()) == [both[alice]]


def test_number_of_changes_is_counted_for_who_writes(alice):
    with acting.as_stranger(), acting.as_person(alice.pk):
        condition = ConditionFactory(user=alice)
        CheckInFactory(user=alice, condition=condition)
        assert ask("SELECT user_id, number FROM diary_revision") == [(alice.pk, 2)]


@pytest.mark.parametrize(
    "statement",
    [
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "SELECT pg_read_file('PG_VERSION')",
        "CREATE TABLE mine (id bigint)",
        "ALTER TABLE diary_checkin DISABLE ROW LEVEL SECURITY",
        "DROP POLICY own_rows ON diary_checkin",
        "ALTER ROLE did_it_work_web BYPASSRLS",
        "DELETE FROM django_migrations",
        "SELECT rolpassword FROM pg_authid",
    ],
)
def test_web_may_not(db, statement):
    with acting.as_stranger(), refused("permission denied|must be owner"):
        ask(statement)


def test_link_and_calendar_open_the_rows_of_their_owner_and_nothing_else(alice, charlie):
    link, feed = ShareLinkFactory(user=alice), CalendarFeedFactory(user=charlie)
    with acting.as_stranger():
        with acting.as_owner_of_link(link.public_id):
            assert list(ShareLink.objects.all()) == [link]
        with acting.as_owner_of_link("anybodysaddress1"):
            assert list(ShareLink.objects.all()) == []
        with acting.as_owner_of_calendar(feed.secret_sha256):
            assert ask("SELECT user_id FROM diary_calendarfeed") == [(charlie.pk,)]
            assert list(ShareLink.objects.all()) == []


# Tried out, as the others


def test_reader_of_a_report_reads_the_rows_of_one_person_and_writes_none(both, alice):
    with acting.as_stranger(), acting.as_reader(alice.pk):
        assert list(Condition.objects.all()) == [both[alice]]
        for statement in ("DELETE FROM {}", "UPDATE {} SET user_id = user_id"):
            for table in tables_with_policy():
                with refused("permission denied for table"):
                    ask(statement.format(table))
        for table in ("users_user", "mfa_authenticator", "django_session"):
            with refused("permission denied for table"):
                ask(f"TABLE {table}")


def test_regular_work_meets_everybodys_rows_and_changes_no_entry(both):
    with acting.acting(role=WORK):
        assert set(Condition.objects.all()) == set(both.values())
        with refused("permission denied for table"):
            Condition.objects.update(name="changed")
        with refused("permission denied for table"):
            ask("UPDATE users_user SET password = ''")


def test_regular_work_clears_what_has_had_its_time_and_counts_reminders(alice, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "none"
    with time_machine.travel(NOON, tick=False):
        make_demo(at=NOON)
    ReminderPlanFactory(user=alice, is_daily=True, daily_at=NOON.time())
    tomorrow = NOON + timedelta(days=1)
    with mail_server(settings) as box, acting.acting(role=WORK):
        assert send_due(at=tomorrow) == 1
        assert clear(at=tomorrow + timedelta(minutes=1))["demo diaries"] == 1
    assert (box.received_by, Condition.objects.count()) == ([alice.email], 0)


def test_owner_that_is_no_superuser_is_bound_too(both):
    """FORCE: without it the owner of a table passes by its policies."""
    ask_all = "SELECT count(*) FROM conditions_condition"
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no table changes hands before
        cursor.execute("CREATE ROLE other_owner")
        cursor.execute("GRANT CREATE, USAGE ON SCHEMA public TO other_owner")
        cursor.execute("ALTER TABLE conditions_condition OWNER TO other_owner")
    with acting.acting(role="other_owner"):
        assert ask(ask_all) == [(0,)]
