"""What a signed-in person's requests pass through: consent, and their own language and zone."""

from django.conf import settings
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation

from apps.users.log_in import known_devices
from apps.users.models import CONSENT_VERSION


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
    return not (is_public or name.startswith(settings.OPEN_WITHOUT_CONSENT))


def devices_are_known_again(get_response):
    """By a cookie, so that wrong guesses made elsewhere do not lock this device out."""

    def middleware(request):
        response = get_response(request)
        if request.user.is_authenticated and not request.user.demo_until:
            known_devices.remember(request, response, request.user.email)
        return response

    return middleware


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
