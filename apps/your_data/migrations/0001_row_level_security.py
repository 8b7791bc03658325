"""The database itself shows everybody their own rows only (docs/decisions/13-row-level-security.md).

A later table with a user gets ``own_rows_only`` in the migration that makes it.
"""

from django.db import migrations

from apps.users.ownership import own_rows_only

TABLES = [
    "comparisons_keptcomparison",
    "conditions_cause",
    "conditions_condition",
    "diary_activity",
    "diary_calendarfeed",
    "diary_checkin",
    "diary_functionrating",
    "diary_pendingimport",
    "diary_plannedtreatment",
    "diary_redflagreview",
    "diary_reminder",
    "diary_reminderplan",
    "diary_revision",
    "diary_selftest",
    "diary_selftestmoment",
    "diary_sessiontreatment",
    "diary_treatmentsession",
    "diary_waitdraw",
    "diary_waitplan",
    "sharing_sharelink",
    "sharing_sharevisit",
    "treatments_treatment",
    "treatments_treatmentperiod",
    "users_securityevent",
    "usersessions_usersession",
]
# The two ways in without an account. Each says whose rows something opens, and nothing else: the
# link or the calendar is then looked up with that person's rows, by the rules of the program.
LOOK_UP = """
    CREATE FUNCTION {name}({argument} text) RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$ SELECT user_id FROM public.{table} WHERE {column} = $1 $$;
    REVOKE ALL ON FUNCTION {name}(text) FROM PUBLIC
"""
LOOK_UPS = [
    {
        "name": "sharing_owner_of_link",
        "argument": "public_id",
        "table": "sharing_sharelink",
        "column": "public_id",
    },
    {
        "name": "diary_owner_of_calendar",
        "argument": "secret_sha256",
        "table": "diary_calendarfeed",
        "column": "secret_sha256",
    },
]


class Migration(migrations.Migration):
    dependencies = [
        ("comparisons", "0001_initial"),
        ("conditions", "0001_initial"),
        ("diary", "0010_self_tests"),
        ("sharing", "0001_initial"),
        ("treatments", "0002_prescribed"),
        ("users", "0008_security_events"),
        ("usersessions", "0001_initial"),
    ]

    operations = [
        *(own_rows_only(table) for table in TABLES),
        *(
            migrations.RunSQL(LOOK_UP.format(**each), f"DROP FUNCTION {each['name']}(text)")
            for each in LOOK_UPS
        ),
    ]
