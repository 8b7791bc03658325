"""What somebody decided when they looked back on a treatment stands on its card, which is kept
drawn: it counts as a change of the diary.
"""

from django.db import migrations

# As in 0002.
TRIGGER = """
    CREATE TRIGGER treatments_treatmentreview_revision_{operation}
    AFTER {operation} ON treatments_treatmentreview
    REFERENCING {rows} TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION diary_count_revision()
"""
ROWS = {"insert": "NEW", "update": "NEW", "delete": "OLD"}


def trigger(operation, rows):
    return migrations.RunSQL(
        TRIGGER.format(operation=operation, rows=rows),
        f"DROP TRIGGER treatments_treatmentreview_revision_{operation} "
        "ON treatments_treatmentreview",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("diary", "0023_revision_of_periods_and_conditions"),
        ("treatments", "0006_names_as_seen"),
    ]

    operations = [trigger(*each) for each in ROWS.items()]
