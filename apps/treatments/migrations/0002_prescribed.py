from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("treatments", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="treatment",
            name="is_prescribed",
            field=models.BooleanField(
                default=False,
                help_text="The app will never ask you to wait with it.",
                verbose_name="This is medicine that was prescribed to me",
            ),
        ),
    ]
