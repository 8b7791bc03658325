"""How often the diary asks, chosen with one tap on the page Today."""

from django.contrib import messages
from django.http import HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from apps.users.models import Rhythm

SAID = {
    Rhythm.DAILY: _("The diary asks every day again."),
    Rhythm.WEEKLY: _("The diary asks once a week. You can write at any time."),
    Rhythm.PAUSED: _("The diary is paused. You can write at any time."),
}


@require_POST
def rhythm(request):
    try:
        chosen = Rhythm(request.POST.get("rhythm"))
    except ValueError:
        return HttpResponseBadRequest(_("Choose how often the diary asks."))
    request.user.keep_rhythm(chosen, at=timezone.now())
    messages.success(request, SAID[chosen])
    return redirect("diary:today")


@require_POST
def not_now(request):
    """Go on every day; it is offered again in four weeks at the earliest."""
    request.user.weekly_declined_on = timezone.localdate()
    request.user.save(update_fields=["weekly_declined_on"])
    return redirect("diary:today")
