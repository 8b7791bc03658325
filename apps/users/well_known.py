"""What programs look for in places that are the same on every site."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

ROBOTS = """User-agent: *
Disallow: /s/
Disallow: /accounts/
Disallow: /calendar/
Disallow: /reminders/
"""
READ_AGAIN_AFTER = timedelta(days=180)  # RFC 9116 wants less than a year


@require_safe
@login_not_required
def robots(request):
    """What nobody should find by searching: addresses that open something by themselves."""
    return HttpResponse(ROBOTS, content_type="text/plain")


@require_safe
@login_not_required
def security(request):
    """Whom to tell of a hole, as RFC 9116 has it; where the host named nobody, there is none."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    lines = {
        "Contact": settings.SECURITY_CONTACT,
        "Expires": f"{timezone.now() + READ_AGAIN_AFTER:%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages": "en, de",
        "Canonical": settings.SITE_URL + reverse("security_txt"),
    }
    text = "".join(f"{name}: {value}\n" for name, value in lines.items())
    return HttpResponse(text, content_type="text/plain")


@require_safe
@login_not_required
def change_password(request):
    """For password managers: the page where it is changed."""
    return redirect("account_change_password")
