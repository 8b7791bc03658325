from django.db import migrations
from django.db.models import Max, OuterRef, Subquery
from django.db.models.functions import Coalesce

MINUTES_OF_A_WAIT = 45


def take_what_their_treatments_say(apps, schema_editor):
    """The longest of several; a wait was planned to last 45 minutes."""
    links = apps.get_model("diary", "SessionTreatment").objects
    own = links.filter(session=OuterRef("pk")).order_by().values("session")
    longest = own.annotate(longest=Max("treatment__rate_again_after_minutes"))
    minutes = Coalesce(Subquery(longest.values("longest")), MINUTES_OF_A_WAIT)
    sessions = apps.get_model("diary", "TreatmentSession").objects
    sessions.filter(due_minutes=None).update(due_minutes=minutes)


class Migration(migrations.Migration):
    dependencies = [
        ("diary", "0008_due_minutes_and_something_else"),
        ("treatments", "0002_prescribed"),
    ]

    operations = [migrations.RunPython(take_what_their_treatments_say, migrations.RunPython.noop)]
