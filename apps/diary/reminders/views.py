"""Reminders by mail and by calendar: choosing them, and turning them off without logging in."""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.diary.models import CalendarFeed, ReminderPlan, Revision
from apps.diary.models.reminders import hashed
from apps.diary.reminders.calendar_feed import calendar as written
from apps.diary.reminders.form import CalendarForm, ReminderForm
from apps.diary.reminders.mails import absolute, can_be_sent, user_of_token
from config.postgres import acting


@require_http_methods(["GET", "HEAD", "POST"])
def reminders(request):
    """Which reminders come by mail, and when."""
    plan = ReminderPlan.objects.for_user(request.user).first() or ReminderPlan(user=request.user)
    form = ReminderForm(request.POST if request.method == "POST" else None, instance=plan)
    if form.is_valid():
        form.store(at=timezone.now())
        messages.success(request, _("Your settings are saved."))
        return redirect("diary:reminders")
    return page(request, form, status=422 if form.is_bound else 200)


def page(request, form, *, status=200, address=""):
    """``address`` is the calendar's, shown once: afterwards nobody knows it."""
    user = request.user
    feed = CalendarFeed.objects.for_user(user).first()
    plan = ReminderPlan.objects.for_user(user).first() or ReminderPlan(user=user)
    context = {
        "form": form,
        "has_mail_server": can_be_sent(),
        "is_quiet": plan.is_wanted and plan.is_quiet_at(Revision.number_of(user)),
        "feed": feed,
        "calendar_form": CalendarForm(instance=feed),
        "address": address,
    }
    return render(request, "diary/reminders/reminders.html", context, status=status)


@require_POST
def reminders_again(request):
    """Three came to nothing and they went quiet; the person wants them again."""
    ReminderPlan.objects.for_user(request.user).update(unanswered=0, since=timezone.now())
    messages.success(request, _("Reminders are on again."))
    return redirect("diary:reminders")


@csrf_exempt  # mail programs post without our cookies; the token alone allows it (RFC 8058)
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def reminders_off(request, token):
    """Out of a mail: looking changes nothing, for mail programs open links by themselves."""
    user_id = user_of_token(token)
    with acting.as_person(user_id):
        plans = ReminderPlan.objects.for_user(user_id)
        if not plans.exists():
            raise Http404
        if request.method == "POST":
            plans.update(for_sessions=False, is_daily=False, for_self_tests=False)
    return render(
        request, "diary/reminders/reminders_off.html", {"is_off": request.method == "POST"}
    )


@require_POST
def calendar_make(request):
    """A new address; an old one is dead from now on. It is shown in this answer and never again."""
    form = CalendarForm(request.POST)
    names_treatments = form.is_valid() and form.cleaned_data["names_treatments"]
    secret = CalendarFeed.make(request.user, at=timezone.now(), names_treatments=names_treatments)
    plan = ReminderPlan.objects.for_user(request.user).first()
    address = absolute(reverse("diary:calendar", args=[secret]))
    return page(request, ReminderForm(instance=plan), address=address)


@require_POST
def calendar_change(request):
    """The same address; other words in it."""
    form = CalendarForm(request.POST)
    if form.is_valid():
        CalendarFeed.objects.for_user(request.user).update(**form.cleaned_data)
        messages.success(request, _("Your settings are saved."))
    return redirect("diary:reminders")


@require_POST
def calendar_end(request):
    CalendarFeed.objects.for_user(request.user).delete()
    messages.success(request, _("The calendar is off. Its address no longer works."))
    return redirect("diary:reminders")


@login_not_required
@require_safe
def calendar(request, secret):
    """Whoever has the secret reads the calendar; every other address is a missing page.

    Only wrong secrets are counted: calendar programs of many people ask from one address, and
    somebody else's wrong ones must not lock out the right one. 256 bits cannot be guessed.
    """
    with acting.as_owner_of_calendar(hashed(secret)):
        feed = CalendarFeed.opened_by(secret)
        if feed is None:
            return _refused(request)
        with translation.override(feed.user.language_of_mails):
            text = written(feed, at=timezone.now())
    return HttpResponse(text, content_type="text/calendar; charset=utf-8")


def _refused(request):
    limit = {"action": "calendar", "limit_get": True}
    if too_many := ratelimit.consume_or_429(request, **limit):
        return too_many
    raise Http404
