from django.core.management import call_command
from django.db import migrations


def create_cache_table(apps, schema_editor):
    """For rate limits, shared by all web processes; nothing personal but addresses of callers."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("users", "0001_initial")]
    operations = [migrations.RunPython(create_cache_table, migrations.RunPython.noop)]
