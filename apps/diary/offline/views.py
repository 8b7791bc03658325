"""The program as an installed one: manifest, service worker, page without a connection."""

import hashlib

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from apps.diary.offline import shell
from apps.diary.offline.forms import OfflineCheckInForm, OfflineSessionForm
from apps.users.templatetags.kept import key_of, sealing_key_of

ICONS = [
    ("icon.svg", "any", "any"),
    ("icon-192.png", "192x192", "any"),
    ("icon-512.png", "512x512", "any"),
    ("maskable-192.png", "192x192", "maskable"),
    ("maskable-512.png", "512x512", "maskable"),
]


@require_safe
@login_not_required
def page(request):
    """Shown by the service worker for any page that cannot be reached; the same for everybody."""
    context = {"form": OfflineCheckInForm(), "session": OfflineSessionForm()}
    return render(request, "diary/offline/offline.html", context)


def _etag(_request):
    return f'"{hashlib.sha256(shell.worker().encode()).hexdigest()[:20]}"'


@require_safe
@login_not_required
@condition(etag_func=_etag)
def worker(request):
    """Asked for after every page; mostly answered with 304."""
    response = HttpResponse(shell.worker(), content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Service-Worker-Allowed"] = "/"
    return response


@require_safe
@login_not_required
def manifest(request):
    shortcuts = [
        (_("Check in"), reverse("diary:checkin_create")),
        (_("Rate again"), reverse("diary:today")),
        (_("When to get help now"), reverse("help_now")),
    ]
    said = {
        "id": "/",
        "name": "Did it work?",
        "short_name": "Did it work?",
        "description": _("A diary for people who treat their own sciatica."),
        "start_url": reverse("diary:today"),
        "scope": "/",
        "display": "standalone",
        "background_color": "#f6f2ea",
        "theme_color": "#f6f2ea",
        "icons": [
            {"src": static(f"icons/{name}"), "sizes": sizes, "purpose": purpose}
            for name, sizes, purpose in ICONS
        ],
        "shortcuts": [{"name": name, "url": url} for name, url in shortcuts],
    }
    return JsonResponse(said, content_type="application/manifest+json")


@require_safe
def kept(request):
    """For a device that keeps something: whose log-in this is, the key by which it is sealed there
    (static/js/offline/sealed.js), and a token for the forms that send it.
    """
    said = {"owner": key_of(request.user), "key": sealing_key_of(request.user)}
    return JsonResponse(said | {"token": get_token(request)})
