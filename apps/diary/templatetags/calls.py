from dataclasses import dataclass
from datetime import datetime

from django import template

from apps.diary.calls import devices, vapid
from apps.diary.models import CallPlan

register = template.Library()


@dataclass(frozen=True, slots=True)
class Bell:
    """Of the browser that a page is for: its push service's key for us; whether it is called when
    a session is due; and for when to offer that to who was never asked."""

    key: str
    device: int | None
    asks_for: datetime | None


@register.simple_tag(takes_context=True)
def bell(context, sessions=()) -> Bell:
    """For open sessions, in one query for the person and one for a device that is called."""
    request = context["request"]
    plan = CallPlan.objects.for_user(request.user).first()
    device = devices.this_device(request) if plan and plan.for_sessions else None
    waiting = [each.due_at for each in sessions if not each.is_due]
    return Bell(
        key=vapid.public_key(),
        device=device and device.pk,
        asks_for=min(waiting, default=None) if plan is None else None,
    )


@register.simple_tag
def push_key() -> str:
    return vapid.public_key()
