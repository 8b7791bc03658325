"""What every request passes through: headers, maintenance, session keys, forms, language, zone."""

import re

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from apps.users import sessions
from apps.users.models import CONSENT_VERSION
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
# Also "account_…", "mfa_…" and "usersessions_…": the account is the person's in any case.
OPEN_WITHOUT_CONSENT = (
    "account_",
    "your_data:data",
    "your_data:erase",
    "your_data:export",
    "mfa_",
    "users:",
    "usersessions_",
)
# Bound by the policy of the page that loads them, and never a page themselves. Twenty small files
# would otherwise carry 12 KB of policies to a phone.
PARTS_AT, PARTS_OF_PAGES = settings.STATIC_URL, (".css", ".js")
# Reports behind links, and every error on the way to one: nothing may keep them, find them, or
# tell the next site from where somebody came.
SHARED_AT = "/s/"
SHARED_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
LONGEST_OF_STRANGERS = 128 * 1024  # bytes: two long texts whose letters take six each
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
        if request.path.startswith(SHARED_AT):
            for name, value in SHARED_HEADERS.items():
                response.headers[name] = value
        if not request.path.startswith(PARTS_AT) or not request.path.endswith(PARTS_OF_PAGES):
            response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
            response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
            response.headers.setdefault("X-Frame-Options", "DENY")
            response.headers.setdefault("Cross-Origin-Embedder-Policy", "require-corp")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not request.path.startswith(settings.STATIC_URL):
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
    """A form that comes back with errors answers 422, in packages' views as in ours."""

    def middleware(request):
        response = get_response(request)
        form = (getattr(response, "context_data", None) or {}).get("form")
        if (
            request.method == "POST"
            and response.status_code == 200
            and getattr(form, "errors", None)
        ):
            response.status_code = 422
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


def consent_first(get_response):
    """Without a person's consent no page of the diary opens; settings and own data do.

    Who agreed to an older text is asked when they next open a page, and loses nothing sent before.
    """

    def middleware(request):
        return get_response(request)

    def process_view(request, view, *_arguments):
        user = request.user
        if not user.is_authenticated or user.demo_until or not _needs_consent(request, view):
            return None
        is_outdated = user.consent_version != CONSENT_VERSION and request.method == "GET"
        if user.has_consented and not is_outdated:
            return None
        query = {"next": request.get_full_path()} if request.method == "GET" else None
        return redirect(reverse("users:consent", query=query))

    middleware.process_view = process_view
    return middleware


def _needs_consent(request, view):
    is_public = not getattr(view, "login_required", True)
    name = request.resolver_match.view_name
    return not (is_public or name.startswith(OPEN_WITHOUT_CONSENT))


def own_language(get_response):
    """Whoever has chosen a language reads it; all others what LocaleMiddleware found for them."""

    def middleware(request):
        language = request.user.is_authenticated and request.user.language
        if not language:
            return get_response(request)
        with translation.override(language):
            response = get_response(request)
        response.headers["Content-Language"] = language
        return response

    return middleware


def own_time_zone(get_response):
    """Dates and times are shown, and days begin, in the signed-in person's own zone."""

    def middleware(request):
        if request.user.is_authenticated:
            with timezone.override(request.user.zone):
                return get_response(request)
        return get_response(request)

    return middleware
