"""How long a log-in lasts, and when the password is asked for again.

A log-in ends two weeks after its last use, and 90 days after its beginning however often it was
used. What takes a diary out of the house asks for the password, if that was given over an hour ago.
"""

import time
from functools import wraps

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.models import Authenticator
from allauth.usersessions.internal.flows.sessions import end_other_sessions
from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout

HOUR = 3600  # seconds
LONGEST = 90 * 24 * HOUR
BEGAN_AT, USED_AT = "log_in_began_at", "log_in_used_at"  # in the session, seconds since 1970


def begin(sender, request, user, **_more):
    """Receives ``user_logged_in``."""
    request.session[BEGAN_AT] = request.session[USED_AT] = int(time.time())


def end_or_prolong(request) -> None:
    """End a log-in that has had its time; another lasts two weeks from now on.

    Written down once an hour at most, so that reading pages writes nothing.
    """
    session, now = request.session, int(time.time())
    if SESSION_KEY not in session:
        return
    # One from before this was counted: no longer than others from here, and no password for it yet.
    began = session.setdefault(BEGAN_AT, now - HOUR)
    if now - began > LONGEST:
        logout(request)
    elif now - session.get(USED_AT, 0) > HOUR and not request.user.demo_until:
        session[USED_AT] = now
        session.set_expiry(settings.SESSION_COOKIE_AGE)


def end_the_others(sender, request, user, authenticator, **_more):
    """Receives ``authenticator_added``: whoever is logged in elsewhere has not shown it."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        end_other_sessions(request, user)


def shown_passkey_lately(request) -> bool:
    """Whether a passkey was shown within five minutes; it then stands for a password."""
    of_passkeys = [
        record["at"]
        for record in get_authentication_records(request, request.user)
        if record.get("type") == Authenticator.Type.WEBAUTHN
    ]
    return time.time() - max(of_passkeys, default=0) < app_settings.REAUTHENTICATION_TIMEOUT


def has_passkey(user) -> bool:
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).exists()


def confirmed_lately(request) -> bool:
    """Whether the password, or a code, was given within the hour; or there is none to give."""
    given = [record["at"] for record in get_authentication_records(request, request.user)]
    latest = max(given, default=0), request.session.get(BEGAN_AT, 0)
    return time.time() - max(latest) < HOUR or not get_reauthentication_flows(request.user)


def asks_again(view):
    """Asks first, then goes on with what was sent: allauth keeps it in the session meanwhile."""

    @wraps(view)
    def asking(request, *arguments, **named):
        if request.method == "POST" and not confirmed_lately(request):
            raise ReauthenticationRequired
        return view(request, *arguments, **named)

    return asking
