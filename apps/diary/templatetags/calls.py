from dataclasses import dataclass
from datetime import datetime

from django import template

from apps.diary.calls import devices, vapid

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
    """For open sessions, each with ``is_called``; one query where a cookie names a device."""
    device = devices.called_of_sessions(context["request"])
    unasked = [each for each in sessions if each.session.is_called is None]
    return Bell(
        key=vapid.public_key(),
        device=device and device.pk,
        asks_for=min((each.due_at for each in unasked if not each.is_due), default=None),
    )


@register.simple_tag
def push_key() -> str:
    return vapid.public_key()
