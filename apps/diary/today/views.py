"""Today: the page itself, and taking back what it has just saved."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.diary.entries import undo
from apps.diary.entries.deletion import DELETED
from apps.diary.models import CallPlan, TreatmentSession
from apps.diary.today import page as today_page
from apps.diary.writing.check_in_form import QuickCheckInForm
from apps.diary.writing.views import named_in


@require_safe
def today(request):
    at = timezone.now()
    page = today_page.today(request.user, at=at, about=request.GET.get("condition"))
    about = {"condition": page.shown.pk} if page.shown else {}
    preset = {"side": page.side} | about | named_in(request)
    form = QuickCheckInForm(user=request.user, at=at, conditions=page.conditions, initial=preset)
    return render(
        request, "diary/today/today.html", {"page": page, "form": form, "day": page.days[-1]}
    )


@require_safe
def session_running(request, pk):
    """A session that waits to be rated again, on a screen of its own."""
    at = timezone.now()
    is_called = CallPlan.objects.called(request.user)
    sessions = TreatmentSession.objects.with_names().annotate(is_called=is_called)
    session = sessions.get_for_user_or_404(request.user, pk=pk)
    if session.pain_after is not None:
        return redirect("diary:session_after", pk)
    if not sessions.for_user(request.user).unfinished(at=at).filter(pk=pk).exists():
        return redirect(session)
    words = {"minutes_ago": today_page.MINUTES_AGO, "hours_ago": today_page.HOURS_AGO}
    open_one = today_page.running(session, at=at)
    context = {"open": open_one, "sessions": [open_one], "words": words}
    return render(request, "diary/today/session_running.html", context)


@require_POST
def home_screen_told(request):
    request.user.tell_home_screen(at=timezone.now())
    return redirect("diary:today")


@require_POST
def take_back(request):
    """Undo what was saved a moment ago."""
    outcome, kept = undo.take_back(request.user, request.POST.get("saved", ""))
    if outcome == undo.Outcome.CHANGED:
        messages.error(request, _("It was changed since then. Change or delete it in your diary."))
    elif outcome == undo.Outcome.GONE:
        messages.info(request, _("It was taken back before."))
    else:
        tags = f"{DELETED}{kept.pk}" if kept else ""
        messages.success(request, _("Taken back."), extra_tags=tags)
    return redirect("diary:today")
