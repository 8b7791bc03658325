"""Red flags: ticked, answered at once with whom to call, and looked at by somebody."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.conditions.models import Condition
from apps.diary.entries.saving import create
from apps.diary.models import CheckIn, RedFlag, RedFlagReview
from apps.diary.red_flags import flags
from apps.diary.red_flags.form import RedFlagForm


@require_http_methods(["GET", "HEAD", "POST"])
def red_flags(request):
    """Has any of this begun? A tick makes a check-in that says only that."""
    at = timezone.now()
    if request.method == "POST":
        return create(
            request,
            RedFlagForm(request.POST, user=request.user, at=at),
            "diary/red_flags/red_flags.html",
        )
    context = {
        "form": RedFlagForm(user=request.user, at=at),
        "red_flags": flags.open_flags(request.user, at=at),
        "review": flags.last_review(request.user),
    }
    return render(request, "diary/red_flags/red_flags.html", context)


@require_safe
def ticked(request, pk):
    """Before anything else: whom to call, what was ticked, and that it is saved."""
    check_in = CheckIn.objects.get_for_user_or_404(request.user, pk=pk)
    names = [flag.label for flag in RedFlag if flag in check_in.red_flags]
    if not names:
        return redirect("diary:today")
    return render(request, "diary/red_flags/red_flags_ticked.html", {"names": names})


@require_safe
def both_legs(request, pk):
    """Both sides, for the first time in this condition: is that both legs, and new?"""
    condition = Condition.objects.get_for_user_or_404(request.user, pk=pk)
    form = RedFlagForm(user=request.user, at=timezone.now(), conditions=[condition])
    context = {"form": form, "condition": condition, "flag": RedFlag.BOTH_LEGS}
    return render(request, "diary/red_flags/both_legs.html", context)


@require_POST
def seen(request):
    """A doctor or A&E has looked at it: the line on Today goes, until something is ticked anew."""
    flags.note_seen(request.user, at=timezone.now())
    messages.success(request, _("Noted. If anything changes, tick it again."))
    return redirect("diary:red_flags")


@require_POST
def not_seen(request, pk):
    RedFlagReview.objects.get_for_user_or_404(request.user, pk=pk).delete()
    messages.success(request, _("Taken back."))
    return redirect("diary:red_flags")
