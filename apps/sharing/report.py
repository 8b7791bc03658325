"""What a reader of a link sees, as the template takes it."""

from datetime import datetime

from django.db.models import Avg, Count, Max

from apps.sharing.scope import Scope


def report(scope: Scope, *, at: datetime) -> dict:
    """The numbers of the shared report. Reads only; asks nothing but ``scope``."""
    pain = scope.check_ins().aggregate(
        check_ins=Count("pk"), average=Avg("leg_pain"), worst=Max("leg_pain")
    )
    return {"scope": scope, "at": at, "pain": pain, "sessions": scope.sessions().count()}
