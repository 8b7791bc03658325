from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("users", "0010_passkey_events"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="user",
            name="user_emergency_number_is_known",
        ),
        migrations.AlterField(
            model_name="user",
            name="emergency_number",
            field=models.CharField(
                blank=True,
                choices=[
                    ("999", "999 (United Kingdom)"),
                    ("112", "112 (Europe, and mobile phones nearly everywhere)"),
                    ("911", "911 (North America)"),
                    ("000", "000 (Australia)"),
                    ("111", "111 (New Zealand)"),
                ],
                help_text="What you call when hours count. We show it with the signs for that.",
                max_length=3,
                verbose_name="emergency number",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("emergency_number__in", ["", "999", "112", "911", "000", "111"])
                ),
                name="user_emergency_number_is_known",
            ),
        ),
    ]
