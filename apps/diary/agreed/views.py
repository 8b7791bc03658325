"""What was agreed: written down on one form, and done or not done by one tap on Today."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.diary.agreed import days
from apps.diary.agreed.form import AgreementForm, exercises_of
from apps.diary.models import MOST_TIMES, Agreement


@require_safe
def agreed_list(request):
    """Everything that was agreed, what holds now first."""
    found = Agreement.objects.select_related("treatment").prefetch_related("exercises")
    ordered = found.for_user(request.user).order_by("-agreed_on", "treatment__name")
    return render(request, "diary/agreed/list.html", {"agreements": ordered})


@require_http_methods(["GET", "HEAD", "POST"])
def agreed_create(request):
    today = timezone.localdate()
    return _form_page(request, Agreement(user=request.user, agreed_on=today))


@require_http_methods(["GET", "HEAD", "POST"])
def agreed_edit(request, pk):
    own = Agreement.objects.select_related("treatment")
    agreement = own.get_for_user_or_404(request.user, pk=pk)
    agreement.user = request.user
    return _form_page(request, agreement)


def _form_page(request, agreement):
    data = request.POST if request.method == "POST" else None
    form = AgreementForm(data, instance=agreement, user=request.user)
    exercises = exercises_of(agreement, data)
    if data is not None and form.save_with(exercises):
        messages.success(request, _("Saved."))
        return redirect("diary:agreed_list")
    context = {"form": form, "exercises": exercises, "agreement": agreement}
    status = 200 if data is None else 422
    return render(request, "diary/agreed/form.html", context, status=status)


@require_POST
def agreed_delete(request, pk):
    """With what was done of it; the treatment stays."""
    Agreement.objects.get_for_user_or_404(request.user, pk=pk).delete()
    messages.success(request, _("Deleted."))
    return redirect("diary:agreed_list")


@require_POST
def agreed_tick(request, pk):
    """Done so many times on that day, not done (0), or taken back (empty). A second tap changes
    nothing.
    """
    agreement = Agreement.objects.get_for_user_or_404(request.user, pk=pk)
    try:
        day = date.fromisoformat(request.POST.get("day", ""))
        times = int(request.POST["times"]) if request.POST.get("times") else None
    except ValueError:
        return HttpResponseBadRequest(_("Say on which day, and how many times."))
    is_known = times is None or 0 <= times <= MOST_TIMES
    if not is_known or not days.may_tick(agreement, day, today=timezone.localdate()):
        return HttpResponseBadRequest(_("Say on which day, and how many times."))
    days.tick(agreement, day, times)
    return redirect(f"{reverse('diary:today')}#agreed")
