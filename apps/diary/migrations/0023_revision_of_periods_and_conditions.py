"""When something was used, and what a condition is called or whether it goes on, stands in what is
drawn of the comparisons: a change of either counts as one of the diary.
"""

from django.db import migrations

TABLES = ["treatments_treatmentperiod", "conditions_condition"]
# As in 0002.
TRIGGER = """
    CREATE TRIGGER {table}_revision_{operation} AFTER {operation} ON {table}
    REFERENCING {rows} TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION diary_count_revision()
"""
ROWS = {"insert": "NEW", "update": "NEW", "delete": "OLD"}


def triggers(table):
    return [
        migrations.RunSQL(
            TRIGGER.format(table=table, operation=operation, rows=rows),
            f"DROP TRIGGER {table}_revision_{operation} ON {table}",
        )
        for operation, rows in ROWS.items()
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("conditions", "0004_names_as_seen"),
        ("diary", "0022_deleted_entries"),
        ("treatments", "0006_names_as_seen"),
    ]

    operations = [step for table in TABLES for step in triggers(table)]
