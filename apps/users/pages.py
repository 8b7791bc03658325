"""The plain public pages."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.users import personal_fields
from apps.users.models import EmergencyNumber


@require_safe
@login_not_required
def privacy(request):
    return render(request, "pages/privacy.html", {"tables": personal_fields.stored()})


@require_safe
@login_not_required
def help_now(request):
    """Signed in, with one's own number; for everybody else the same page, kept offline too."""
    number = request.user.number_to_call if request.user.is_authenticated else ""
    numbers = [number] if number else EmergencyNumber.values
    return render(request, "pages/help_now.html", {"number": number, "numbers": numbers})


@require_safe
@login_not_required
def healthz(request):
    """For health checks: 200 while the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
