"""Which device may be called for whom, and which of them a request comes from.

A signed cookie says for whom this browser is called. It outlasts the log-in, so that somebody
else's log-in here ends it also where the one before has only run out.
"""

from django.conf import settings
from django.core import signing

from apps.diary.models import MOST_DEVICES, CallPlan, PushSubscription
from apps.users.templatetags.devices import device_name
from config.postgres import acting

SALT = "apps.diary.calls.devices"
A_YEAR = 365 * 24 * 3600  # seconds
LONGEST_NAME = 60


def _named(request) -> tuple[int, int] | None:
    """The numbers of the person and of the device that the cookie names."""
    try:
        user_id, pk = signing.loads(request.COOKIES.get(settings.CALLED_COOKIE_NAME, ""), salt=SALT)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return user_id, pk


def this_device(request, **wants) -> PushSubscription | None:
    """The one that the request comes from, if it may be called for who is logged in."""
    named = _named(request)
    if named is None or named[0] != request.user.pk:
        return None
    return PushSubscription.objects.for_user(request.user).filter(pk=named[1], **wants).first()


def called_of_sessions(request) -> PushSubscription | None:
    """This device, if its owner is called when a session is due."""
    plans = CallPlan.objects.for_user(request.user).filter(for_sessions=True)
    return this_device(request, user__in=plans.values("user"))


def add(request, handed_over: dict, *, at) -> PushSubscription:
    """The device is called from now on; what it was called by before is over."""
    own = PushSubscription.objects.for_user(request.user)
    if before := this_device(request):
        before.delete()
    name = str(device_name(request.headers.get("User-Agent", "")))[:LONGEST_NAME]
    fields = {**handed_over, "device": name, "added_at": at, "waits_until": None}
    device, _is_new = own.update_or_create(
        endpoint=handed_over["endpoint"],
        defaults=fields,
        create_defaults={**fields, "user": request.user},
    )
    kept = own.order_by("-added_at", "-pk").values("pk")[:MOST_DEVICES]
    own.exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()
    call_of_sessions(request.user, at=at)
    return device


def renew(device: PushSubscription, handed_over: dict) -> None:
    """Another address for the same device; when it is called stays as it was chosen."""
    own = PushSubscription.objects.for_user(device.user_id)
    own.filter(endpoint=handed_over["endpoint"]).exclude(pk=device.pk).delete()
    own.filter(pk=device.pk).update(**handed_over, waits_until=None)


def call_of_sessions(user, *, at) -> None:
    """Who lets a device be called wants that at least; what else was chosen stays."""
    fresh = {"since": at, "unanswered": 0, "for_sessions": True}
    CallPlan.objects.for_user(user).update_or_create(
        defaults=fresh, create_defaults={**fresh, "user": user}
    )


def remember(response, device: PushSubscription) -> None:
    response.set_cookie(
        settings.CALLED_COOKIE_NAME,
        signing.dumps([device.user_id, device.pk], salt=SALT),
        max_age=A_YEAR,
        secure=settings.IS_HTTPS,
        httponly=True,
        samesite="Lax",
    )


def end_of_others(sender, request, user, **_more) -> None:
    """Receives ``user_logged_in``: here nobody is called but who logs in now."""
    named = _named(request)
    if named and named[0] != user.pk:
        _end(*named)


def end_here(sender, request, user, **_more) -> None:
    """Receives ``user_logged_out``."""
    if named := _named(request):
        _end(*named)


def _end(user_id: int, pk: int) -> None:
    with acting.as_person(user_id):
        PushSubscription.objects.for_user(user_id).filter(pk=pk).delete()
