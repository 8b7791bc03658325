import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLES = [
    "diary_checkin",
    "diary_treatmentsession",
    "diary_sessiontreatment",
    "treatments_treatment",
]
COUNT = """
    CREATE FUNCTION diary_count_revision() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            UPDATE diary_revision SET number = number + 1
            WHERE user_id IN (SELECT user_id FROM changed);
        ELSE
            INSERT INTO diary_revision (user_id, number)
            SELECT DISTINCT user_id, 1 FROM changed ORDER BY user_id
            ON CONFLICT (user_id) DO UPDATE SET number = diary_revision.number + 1;
        END IF;
        RETURN NULL;
    END $$
"""
TRIGGER = """
    CREATE TRIGGER {table}_revision_{operation} AFTER {operation} ON {table}
    REFERENCING {rows} TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION diary_count_revision()
"""
ROWS = {"insert": "NEW", "update": "NEW", "delete": "OLD"}


def triggers(table):
    """Once per statement, however many rows it changes. Deleting never makes a new row:
    the person it belongs to may be going as well."""
    return [
        migrations.RunSQL(
            TRIGGER.format(table=table, operation=operation, rows=rows),
            f"DROP TRIGGER {table}_revision_{operation} ON {table}",
        )
        for operation, rows in ROWS.items()
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("diary", "0001_initial"),
        ("treatments", "0001_initial"),
        ("users", "0002_cache_table"),
    ]

    operations = [
        migrations.CreateModel(
            name="Revision",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("number", models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.RunSQL(COUNT, "DROP FUNCTION diary_count_revision()"),
        *(step for table in TABLES for step in triggers(table)),
    ]
