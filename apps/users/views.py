from copy import copy

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseBadRequest, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language_from_request
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.users.forms import ConsentForm, SettingsForm
from apps.users.models import CONSENT_VERSION, time_zone_names, validate_time_zone
from apps.users.security_events import SecurityEvent
from apps.users.typed.clocks import both_clocks, place_of, renamed


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request):
    # A copy: a refused time zone must not stay on the user that the rest of the page asks.
    form = SettingsForm(request.POST or None, instance=copy(request.user))
    if request.method == "POST" and form.is_valid():
        user = form.save()
        # The next page is in the language that was just chosen, and so is what it says first.
        with translation.override(user.language or get_language_from_request(request)):
            messages.success(request, _("Your settings are saved."))
        return redirect("users:settings")
    return render(
        request, "users/settings.html", {"form": form}, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
def consent(request):
    """What is agreed to, since when; asked here where it is not, or not any more."""
    form = ConsentForm(request.POST or None)
    next_page = request.POST.get("next") or request.GET.get("next") or ""
    if request.method == "POST" and form.is_valid():
        request.user.consent(at=timezone.now())
        messages.success(request, _("Thank you. You can withdraw this at any time, here."))
        return redirect(next_page if _is_ours(request, next_page) else "users:consent")
    context = {"form": form, "next": next_page, "version": CONSENT_VERSION}
    return render(request, "users/consent.html", context, status=422 if form.errors else 200)


def _is_ours(request, url):
    return url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()})


@require_POST
def withdraw_consent(request):
    """One tap, as giving it was. The diary stays shut until it is given anew or deleted."""
    request.user.withdraw_consent()
    messages.success(request, _("You have withdrawn your consent. Nothing more is stored."))
    return redirect("users:consent")


MOST_EVENTS = 200  # on the page; guesses of the password are limited, and yet may be many


@require_safe
def security(request):
    """What happened to the account, the latest first."""
    events = SecurityEvent.objects.for_user(request.user)[:MOST_EVENTS]
    return render(request, "users/security.html", {"events": events})


@require_POST
def end_session(request, pk):
    """Log one of the person's own devices out. The one in use logs out by its own button."""
    session = get_object_or_404(
        UserSession.objects.exclude(session_key=request.session.session_key),
        user=request.user,
        pk=pk,
    )
    session.end()
    messages.success(request, _("That device is logged out."))
    return redirect("usersessions_list")


@require_http_methods(["GET", "HEAD", "POST"])
def clock(request):
    """GET says both clocks to the script that found them apart; POST goes by the device's."""
    if request.method == "POST":
        return _use(request, request.POST.get("time_zone", ""))
    zone = request.GET.get("zone", "")
    if zone not in time_zone_names():
        return JsonResponse({})
    said = {
        "line": both_clocks(timezone.now(), zone, request.user.time_zone),
        "use": _("Use %(place)s") % {"place": place_of(zone)},
        "token": get_token(request),
    }
    return JsonResponse(said)


def _use(request, name):
    try:
        validate_time_zone(name)
    except ValidationError as refused:
        return HttpResponseBadRequest(refused.messages)
    request.user.move_to(renamed(name))
    words = _("Your diary goes by the clock of %(place)s now. Earlier entries stay as they are.")
    messages.success(request, words % {"place": place_of(name)})
    next_page = request.POST.get("next", "")
    return redirect(next_page if _is_ours(request, next_page) else "users:settings")
