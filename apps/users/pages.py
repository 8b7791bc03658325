"""The plain public pages."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from apps.users.emergency_numbers import for_visitors


@require_safe
@login_not_required
def help_now(request):
    """Signed in, with one's own number; for everybody else the same page, kept offline too."""
    number = request.user.number_to_call if request.user.is_authenticated else ""
    numbers = [number] if number else for_visitors(get_language())
    return render(request, "pages/help_now.html", {"number": number, "numbers": numbers})


@require_safe
@login_not_required
def source(request):
    """Where the host has named an address, the source itself; otherwise how to ask for it."""
    if settings.SOURCE_URL:
        return redirect(settings.SOURCE_URL)
    return render(request, "pages/source.html")
