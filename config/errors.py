"""Error pages in the product's own look. They touch neither the database nor the session."""

import sys

from django.conf import settings
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpResponse
from django.shortcuts import redirect, render

from config.postgres.read_only import is_refusal
from config.web.kept_forms import SENT_BY_SCRIPT


def bad_request(request, exception=None):
    if isinstance(exception, SessionInterrupted):
        return log_in_again(request)
    return render(request, "400.html", status=400)


def log_in_again(request):
    """The log-in ended elsewhere while this was answered; what was sent may be saved already."""
    is_script = SENT_BY_SCRIPT in request.headers
    return HttpResponse(status=401) if is_script else redirect(settings.LOGIN_URL)


def too_long(request):
    return render(request, "400.html", status=413)


def forbidden(request, exception=None):
    return render(request, "403.html", status=403)


def csrf_failure(request, reason=""):
    """The form's token is too old: say what to do, because the text is still in the other tab."""
    return render(request, "403.html", {"is_expired_form": True}, status=403)


def not_found(request, exception=None):
    return render(request, "404.html", status=404)


def server_error(request):
    error = sys.exc_info()[1]
    if is_refusal(error):
        connection.close_at = 0  # the next request looks anew for a database that takes changes
    if isinstance(error, (OperationalError, InterfaceError)) or is_refusal(error):
        return unavailable(request)
    return render(request, "500.html", status=500)


def unavailable(request):
    """Maintenance, or the database cannot be reached, or takes no changes, for the moment."""
    response = render(request, "503.html", status=503)
    response.headers["Retry-After"] = "60"
    return response
