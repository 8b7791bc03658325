from django.db import migrations

WHOLE_DIARY, BY_VERSION_1 = "||", "by version 1"


def keep_what_version_1_said(apps, schema_editor):
    """Of whole diaries, once more and for good: it would be worked out anew and written over."""
    kept = apps.get_model("comparisons", "KeptComparison").objects
    kept.filter(method="1", filters=WHOLE_DIARY).update(filters=BY_VERSION_1)


class Migration(migrations.Migration):
    dependencies = [("comparisons", "0001_initial")]

    operations = [migrations.RunPython(keep_what_version_1_said, migrations.RunPython.noop)]
