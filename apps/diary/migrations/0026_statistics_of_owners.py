"""Whose a condition or a treatment is follows from it, and the planner of queries is told so.

Without it, it takes both for chances of their own and expects one row where there are hundreds: each
session of a diary was held beside every use of a treatment. No row is touched.
"""

from django.db import migrations

OWNED = {
    "diary_checkin": "condition_id",
    "diary_treatmentsession": "condition_id",
    "diary_sessiontreatment": "treatment_id",
}


def statistics(table: str, key: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE STATISTICS {table}_owner (dependencies) ON user_id, {key} FROM {table};"
        f"ANALYZE {table}",
        f"DROP STATISTICS {table}_owner",
    )


class Migration(migrations.Migration):
    dependencies = [("diary", "0025_seals")]

    operations = [statistics(*each) for each in OWNED.items()]
