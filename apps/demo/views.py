from allauth.core import ratelimit
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from apps.demo.accounts import make_demo


@require_POST
@login_not_required
def demo(request):
    """Log a visitor in to a demo diary of their own, for a day."""
    if request.user.is_authenticated:
        return redirect("diary:today")
    if too_many := ratelimit.consume_or_429(request, action="demo", key="everybody"):
        return too_many
    user = make_demo(at=timezone.now())
    login(request, user)
    request.session.set_expiry(user.demo_until)
    return redirect("comparisons:compare")
