"""How often the app may ask to wait first."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.diary.models import WaitDraw, WaitPlan
from apps.diary.waiting.form import WaitPlanForm


@require_http_methods(["GET", "HEAD", "POST"])
def wait_settings(request):
    """How often the app may ask to wait first."""
    plan = WaitPlan.objects.for_user(request.user).first() or WaitPlan(user=request.user)
    typed = request.POST if request.method == "POST" else None
    form = WaitPlanForm(typed, instance=plan, at=timezone.now())
    if form.is_valid():
        form.store()
        messages.success(request, _("Your settings are saved."))
        return redirect("diary:wait_settings")
    context = {"form": form, "tally": WaitDraw.objects.for_user(request.user).tally()}
    status = 422 if form.is_bound else 200
    return render(request, "diary/waiting/wait_settings.html", context, status=status)
