from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conditions", "0002_places_of_conditions"),
    ]

    operations = [
        migrations.AddField(
            model_name="condition",
            name="aggravates",
            field=models.CharField(blank=True, max_length=120, verbose_name="what makes it worse"),
        ),
        migrations.AddField(
            model_name="condition",
            name="eases",
            field=models.CharField(blank=True, max_length=120, verbose_name="what eases it"),
        ),
        migrations.AddField(
            model_name="condition",
            name="wants",
            field=models.CharField(
                blank=True,
                help_text="These three lines stand in every report about it that you share.",
                max_length=120,
                verbose_name="what I want",
            ),
        ),
    ]
