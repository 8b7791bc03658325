"""The report as a page of its own, for tests that want no link around it."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection, transaction
from django.shortcuts import render
from django.urls import path

from apps.sharing.models import Section
from apps.sharing.report.report import report
from apps.sharing.report.scope import Scope
from config.postgres.acting import as_reader
from config.urls import urlpatterns as own_urlpatterns
from tests.factories import ConditionFactory

WHOLE = frozenset(Section.values)


def scope_of(user, first_day, last_day, *, sections=WHOLE, condition=None):
    return Scope(
        user=user,
        condition=condition or ConditionFactory(user=user),
        first_day=first_day,
        last_day=last_day,
        sections=frozenset(sections),
        for_whom="Sarah Jones",
        made_on=last_day,
    )


def shown(request, scope, at):
    """Drawn as a link draws it: by the role that only reads, in a transaction that cannot write."""
    with as_reader(scope.user.pk), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        return render(request, "sharing/report/report.html", report(scope, at=at))


class ReportUrls:
    """A URLconf in which /report/ shows this scope at this moment."""

    def __init__(self, scope, at):
        view = login_not_required(lambda request: shown(request, scope, at))
        self.urlpatterns = [path("report/", view, name="report"), *own_urlpatterns]
