import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from apps.users.ownership import own_rows_only, same_owner


class Migration(migrations.Migration):
    dependencies = [
        ("conditions", "0003_in_own_words"),
        ("diary", "0015_agreed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DutiesAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "duties",
                    models.CharField(
                        choices=[("usual", "as usual"), ("adapted", "adapted"), ("off", "off")],
                        max_length=7,
                        verbose_name="work or usual duties",
                    ),
                ),
                ("diary_date", models.DateField(editable=False, verbose_name="day")),
            ],
            options={
                "ordering": ["diary_date", "id"],
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="checkin",
            name="medicines",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=60),
                blank=True,
                default=list,
                size=8,
                verbose_name="which painkillers",
            ),
        ),
        migrations.AddConstraint(
            model_name="checkin",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("medicines", []),
                    models.Q(("painkillers", True), ("painkillers__isnull", False)),
                    _connector="OR",
                ),
                name="checkin_medicines_are_of_a_painkiller_day",
                violation_error_message="Painkillers are named: say yes to painkillers, or name none.",
            ),
        ),
        migrations.AddField(
            model_name="dutiesanswer",
            name="condition",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="+",
                to="conditions.condition",
            ),
        ),
        migrations.AddField(
            model_name="dutiesanswer",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="dutiesanswer",
            constraint=models.UniqueConstraint(
                fields=("user", "id"), name="dutiesanswer_user_and_id"
            ),
        ),
        migrations.AddConstraint(
            model_name="dutiesanswer",
            constraint=models.UniqueConstraint(
                fields=("user", "condition", "diary_date"), name="dutiesanswer_once_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="dutiesanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("duties__in", ["usual", "adapted", "off"])),
                name="dutiesanswer_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="dutiesanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("diary_date__gte", "1900-01-01")),
                name="dutiesanswer_since_1900",
            ),
        ),
        same_owner("diary_dutiesanswer", "condition_id", "conditions_condition"),
        own_rows_only("diary_dutiesanswer"),
    ]
