import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conditions", "0001_initial"),
        ("diary", "0003_waits_by_coin_flip"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RedFlagReview",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seen_at", models.DateTimeField(editable=False)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="checkin",
            name="red_flags",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        (
                            "saddle_numbness",
                            "numbness or tingling between the legs, around the bottom or genitals",
                        ),
                        (
                            "bladder",
                            "bladder: hard to start, cannot pass water, feel it or hold it",
                        ),
                        ("bowel", "bowels: cannot feel when they fill, or cannot hold them"),
                        ("sexual", "a change in sexual feeling or function"),
                        (
                            "both_legs",
                            "pain, numbness or weakness in both legs, for the first time",
                        ),
                        ("leg_weakness", "new weakness in a leg or foot, or one that grows"),
                    ],
                    max_length=15,
                ),
                blank=True,
                default=list,
                size=None,
                verbose_name="signs that need urgent care",
            ),
        ),
        migrations.AddField(
            model_name="checkin",
            name="red_flags_ticked_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="checkin",
            index=models.Index(
                condition=models.Q(("red_flags_ticked_at__isnull", False)),
                fields=["user", "red_flags_ticked_at"],
                name="checkin_user_red_flags",
            ),
        ),
        migrations.AddConstraint(
            model_name="checkin",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "red_flags__contained_by",
                        [
                            "saddle_numbness",
                            "bladder",
                            "bowel",
                            "sexual",
                            "both_legs",
                            "leg_weakness",
                        ],
                    )
                ),
                name="checkin_red_flags_are_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="checkin",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("red_flags", []), ("red_flags_ticked_at", None)),
                    models.Q(
                        models.Q(("red_flags", []), _negated=True),
                        ("red_flags_ticked_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="checkin_red_flags_say_when_ticked",
            ),
        ),
        migrations.AddField(
            model_name="redflagreview",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="redflagreview",
            index=models.Index(fields=["user", "seen_at"], name="redflagreview_user_seen"),
        ),
        migrations.AddConstraint(
            model_name="redflagreview",
            constraint=models.UniqueConstraint(
                fields=("user", "id"), name="redflagreview_user_and_id"
            ),
        ),
    ]
