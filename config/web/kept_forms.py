"""Nothing typed is lost: what forms marked `data-keep` need from the server.

The other half is static/js/forms/keep.js.

Of somebody without JavaScript whose log-in has expired, the posted fields wait for an hour in the
session of the browser that sent them. They are about health, so they are kept only where the
form carries the key that we had signed for its reader, and given back only to that account.
"""

import time

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url

from apps.users.templatetags.kept import KEPT_FOR_SECONDS, owner_of

SENT_BY_SCRIPT = "X-Kept-Form"
LONGEST = 40_000  # characters; two texts of 5,000 and the rest are far below
NEVER_KEPT = {"csrfmiddlewaretoken", "kept_for", "typed_ago"}
LEAVES = {"account_logout", "your_data:erase"}


def answers_for_scripts(get_response):
    """A redirect, told as a header: a script sees neither where one leads nor that it was one.

    204 with ``X-Go-To``: done. 401: log in first. Whatever else there is to say comes as ever.
    """

    def middleware(request):
        response = get_response(request)
        if SENT_BY_SCRIPT not in request.headers or not 300 <= response.status_code < 400:
            return response
        if response.headers.get("Location", "").startswith(resolve_url(settings.LOGIN_URL)):
            return HttpResponse(status=401)
        return HttpResponse(status=204, headers={"X-Go-To": response.headers["Location"]})

    return middleware


def typed_while_logged_out(get_response):
    """Keep what somebody posts after their log-in has expired; offer it once they are back."""

    def middleware(request):
        return get_response(request)

    def process_view(request, view, *_arguments):
        if not request.user.is_authenticated:
            # Views without Django's token choose when to read what is sent: nothing of a large
            # upload, and a link's secret nowhere else.
            reads_itself = getattr(view, "csrf_exempt", False)
            is_script = SENT_BY_SCRIPT in request.headers
            if request.method == "POST" and not (reads_itself or is_script):
                _keep(request)
            return None
        kept = request.session.get("typed")
        if not kept or kept["path"] != request.get_full_path():
            return None
        return _give_back(request, kept)

    middleware.process_view = process_view
    return middleware


def _keep(request):
    owner = owner_of(request.POST.get("kept_for", ""))
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in NEVER_KEPT
        for value in values
    ]
    if owner is None or sum(len(name) + len(value) for name, value in fields) > LONGEST:
        return
    request.session["typed"] = {
        "path": request.get_full_path(),
        "fields": fields,
        "owner": owner,
        "at": int(time.time()),
    }
    request.session.set_expiry(KEPT_FOR_SECONDS)  # logging in sets it anew


def _give_back(request, kept):
    """The page that offers it, as long as it is neither saved nor discarded."""
    seconds = int(time.time()) - kept["at"]
    is_over = kept["owner"] != request.user.pk or seconds > KEPT_FOR_SECONDS
    if is_over or request.method == "POST":
        del request.session["typed"]
        return redirect(kept["path"]) if "discard_typed" in request.POST else None
    context = {"fields": kept["fields"], "seconds": max(1, seconds), "path": kept["path"]}
    return render(request, "diary/entries/typed_while_logged_out.html", context)


def leave_nothing_behind(get_response):
    """After logging out, or deleting everything, the device is told to forget all it kept.

    Browsers listen to the header over https and on localhost only; the message that both pages
    end with is marked, and tells static/js/offline/forget.js. That alone does it where others left
    something unsent on the device: the header would delete theirs, too.
    """

    def middleware(request):
        response = get_response(request)
        match = request.resolver_match
        if not (match and match.view_name in LEAVES and request.method == "POST"):
            return response
        if response.status_code == 302 and not request.user.is_authenticated:
            if "others_unsent" not in request.POST:
                response.headers["Clear-Site-Data"] = '"storage"'
            if settings.CALLED_COOKIE_NAME in request.COOKIES:
                response.delete_cookie(settings.CALLED_COOKIE_NAME, samesite="Lax")
        return response

    return middleware
