"""The one way to the shared report, for its reader and for its owner who looks first."""

from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation

from apps.sharing.models import ShareLink
from apps.sharing.report.report import report
from apps.sharing.report.scope import Scope
from config.postgres import acting


@contextmanager
def read_only(user_id: int):
    """A transaction in which the database refuses every write, as a role that may not write."""
    with transaction.atomic(), acting.as_reader(user_id):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        yield


def shown(link: ShareLink, *, at: datetime, **preview) -> HttpResponse:
    """The report, in the language chosen for its reader and the owner's time zone.

    Rendered without the request: the page can neither know nor say who is logged in, and is the
    same for everybody.
    """
    # Read first: the role that only reads sees no account.
    language, zone = link.report_language, link.user.zone
    with read_only(link.user_id), timezone.override(zone), translation.override(language):
        context = report(Scope.of(link, at=at), at=at)
        page = render_to_string("sharing/report/report.html", context | preview)
    return HttpResponse(page, headers={"Content-Language": language})
