"""What every request passes through: headers, maintenance, session keys, long bodies, forms.

Consent, language and time zone are a person's own: ``apps/users/middleware.py``.
"""

import re

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from apps.users import sessions
from config import errors

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]
)
WAYS_TO_LOG_IN = {"account_email", "account_change_password", "account_set_password"}
# Bound by the policy of the page that loads them, and never a page themselves. An icon may be
# looked at as one, but runs nothing. Ten small files would else carry 8 KB of policies to a phone.
PARTS_OF_PAGES = (".css", ".js")
# Reports behind links, and every error on the way to one: nothing may keep them, find them, or
# tell the next site from where somebody came.
SHARED_AT = "/s/"
SHARED_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
LONGEST_OF_STRANGERS = 128 * 1024  # bytes: two long texts whose letters take six each
# By this a device tells our word from that of a proxy, or of a network that wants a log-in first.
MARK = "X-Did-It-Work"
SESSION_KEY = re.compile(r"[a-z0-9]{32}")
# What a diary never needs: whoever got a script in could not switch it on either.
NEVER_USED = (
    *("accelerometer", "autoplay", "camera", "display-capture", "encrypted-media"),
    *("fullscreen", "geolocation", "gyroscope", "hid", "idle-detection", "local-fonts"),
    *("magnetometer", "microphone", "midi", "payment", "picture-in-picture", "screen-wake-lock"),
    *("serial", "usb", "xr-spatial-tracking"),
)
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in NEVER_USED)


def security_headers(get_response):
    """Outermost, so that error pages and static files carry the headers too."""

    def middleware(request):
        response = get_response(request)
        if f"{request.path}/".startswith(SHARED_AT):
            for name, value in SHARED_HEADERS.items():
                response.headers[name] = value
        is_file = request.path.startswith(settings.STATIC_URL)
        if not is_file or not request.path.endswith(PARTS_OF_PAGES):
            response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
            response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not is_file:
            response.headers[MARK] = "1"
            response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
            response.headers.setdefault("Cross-Origin-Embedder-Policy", "require-corp")
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware


def maintenance(get_response):
    """A calm page with 503 while MAINTENANCE is set; health checks were answered before."""

    def middleware(request):
        if settings.IS_IN_MAINTENANCE:
            return errors.unavailable(request)
        return get_response(request)

    return middleware


def session_keys_only(get_response):
    """A session key that Django cannot have made counts as none; the database would refuse some."""

    def middleware(request):
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        if not SESSION_KEY.fullmatch(key):
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        return get_response(request)

    return middleware


def log_ins_end(get_response):
    """After two weeks without use, and after 90 days in any case."""

    def middleware(request):
        sessions.end_or_prolong(request)
        return get_response(request)

    return middleware


def long_bodies_need_a_log_in(get_response):
    """Of strangers nothing long is read, nor anything that does not say how long it is."""

    def middleware(request):
        length = request.META.get("CONTENT_LENGTH") or "0"
        is_short = length.isascii() and length.isdecimal() and int(length) <= LONGEST_OF_STRANGERS
        is_chunked = "HTTP_TRANSFER_ENCODING" in request.META
        if (is_chunked or not is_short) and not request.user.is_authenticated:
            return errors.too_long(request)
        return get_response(request)

    return middleware


def refused_input_is_4xx(get_response):
    """A form that comes back with errors answers 422, in packages' views as in ours.

    429 where it was not read at all: too many log-ins were tried, so that the same may be sent
    again later.
    """

    def middleware(request):
        response = get_response(request)
        form = (getattr(response, "context_data", None) or {}).get("form")
        if (
            request.method == "POST"
            and response.status_code == 200
            and getattr(form, "errors", None)
        ):
            is_later = form.has_error(NON_FIELD_ERRORS, "too_many_login_attempts")
            response.status_code = 429 if is_later else 422
        return response

    return middleware


def demo_accounts_stay_throw_away(get_response):
    """A demo is deleted after a day: with a password or an address, somebody would rely on it."""

    def middleware(request):
        return get_response(request)

    def process_view(request, *_view):
        name = request.resolver_match.view_name
        is_refused = name in WAYS_TO_LOG_IN or name.startswith("mfa_")
        if not (is_refused and request.user.is_authenticated and request.user.demo_until):
            return None
        messages.info(
            request, _("A demo diary has no address, password or two-factor log-in of its own.")
        )
        return redirect("diary:today")

    middleware.process_view = process_view
    return middleware
