"""Check-ins and sessions: written down, changed, deleted, and taken back from deletion."""

import uuid
from datetime import date

from django.contrib import messages
from django.http import Http404, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.diary.entries import deletion
from apps.diary.entries import undo as just_saved
from apps.diary.entries.form import AlreadySentError, StaleVersionError
from apps.diary.entries.moments import FIRST_YEAR, same_time_on
from apps.diary.entries.undo import TAG, Change, JustSaved, Outcome
from apps.diary.models import CheckIn, TreatmentSession, WaitDraw, WaitPlan
from apps.diary.reading.days import page_of_days
from apps.diary.reading.filter import DiaryFilter, link_to_older
from apps.diary.red_flags import flags
from apps.diary.today import page as today_page
from apps.diary.waiting import coin
from apps.diary.waiting.form import WaitPlanForm
from apps.diary.writing.check_in_form import CheckInForm, QuickCheckInForm
from apps.diary.writing.session_form import FinishForm, RateAgainForm, SessionForm, StartForm

QUICKLY_TYPED = ["condition", *QuickCheckInForm.Meta.fields]


@require_safe
def today(request):
    at = timezone.now()
    page = today_page.today(request.user, at=at)
    preset = {"side": page.side}
    form = QuickCheckInForm(user=request.user, at=at, conditions=page.conditions, initial=preset)
    return render(request, "diary/today.html", {"page": page, "form": form, "day": page.days[-1]})


@require_safe
def diary_list(request):
    """By day, the newest first. The filter is only built where the address has one."""
    if not request.GET:
        days, older = page_of_days(request.user)
        return render(request, "diary/list.html", {"days": days, "older": link_to_older(older)})
    chosen = DiaryFilter(request.GET, user=request.user)
    if not chosen.is_valid():
        return render(request, "diary/list.html", {"form": chosen}, status=422)
    days, older = page_of_days(request.user, **chosen.limits())
    context = {
        "days": days,
        "older": chosen.link_to_older(older),
        "is_narrowed": chosen.is_narrowed(),
    }
    if context["is_narrowed"] or "filter" in request.GET:
        context["form"] = chosen
    return render(request, "diary/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def checkin_create(request):
    at = timezone.now()
    if request.method != "POST" or "more" in request.POST:
        initial = typed_so_far(request) | on_day(request, "rated_at", at)
        form = CheckInForm(user=request.user, at=at, initial=initial)
        return render(request, "diary/checkin_form.html", {"form": form})
    data = no_pain_today(request.POST) if "no_pain" in request.POST else request.POST
    return create(request, CheckInForm(data, user=request.user, at=at), "diary/checkin_form.html")


def typed_so_far(request) -> dict:
    """What the quick form held when more was asked for; at first only the side of last time."""
    if request.method == "POST":
        return {name: request.POST[name] for name in QUICKLY_TYPED if name in request.POST}
    return {"side": today_page.last_side(request.user)}


def on_day(request, moment_field, at) -> dict:
    """Where the address names an earlier day: the moment to begin with, at this time of day."""
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return {}
    if day.year < FIRST_YEAR or day >= at.astimezone(request.user.zone).date():
        return {}
    return {moment_field: same_time_on(day, at=at, zone=request.user.zone)}


def no_pain_today(posted: QueryDict) -> QueryDict:
    """The one tap of a good day: both pains are 0, on neither side; all else as it was typed."""
    data = posted.copy()
    data.update({"leg_pain": "0", "back_pain": "0", "side": "neither"})
    return data


@require_http_methods(["GET", "HEAD", "POST"])
def checkin_edit(request, pk):
    check_in = CheckIn.objects.get_for_user_or_404(request.user, pk=pk)
    return edit(request, CheckInForm, check_in, "diary/checkin_form.html")


@require_POST
def checkin_delete(request, pk):
    return delete(request, CheckIn.objects.get_for_user_or_404(request.user, pk=pk))


@require_http_methods(["GET", "HEAD", "POST"])
def session_start(request):
    """Start now: what, side, and one tap on the pain before."""
    at = timezone.now()
    if request.method == "POST":
        return start(request, StartForm(request.POST, user=request.user, at=at))
    side = today_page.last_side(request.user)
    form = StartForm(user=request.user, at=at, initial={"side": side})
    form.start_with(chosen_treatments(request, form))
    return render(request, "diary/session_start.html", {"form": form})


def chosen_treatments(request, form):
    """The treatments that the address names; none is wait and see."""
    try:
        return [form.treatments[pk] for pk in dict.fromkeys(request.GET.getlist("treatment"))]
    except KeyError:
        raise Http404 from None


def start(request, form):
    """Save a started session once, unless the coin asks to wait first: then that is the answer."""
    try:
        return create(request, form, "diary/session_start.html")
    except coin.WaitFirstError:
        context = {"form": form, "minutes": coin.WAIT_MINUTES}
        return render(request, "diary/wait_first.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def wait_settings(request):
    """How often the app may ask to wait first."""
    plan = WaitPlan.objects.for_user(request.user).first() or WaitPlan(user=request.user)
    form = WaitPlanForm(request.POST if request.method == "POST" else None, instance=plan)
    if form.is_valid():
        form.store()
        messages.success(request, _("Your settings are saved."))
        return redirect("diary:wait_settings")
    context = {"form": form, "tally": WaitDraw.objects.for_user(request.user).tally()}
    status = 422 if form.is_bound else 200
    return render(request, "diary/wait_settings.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def session_finish(request, pk):
    """Rate again now: one tap on the pain after."""
    return finish(request, TreatmentSession.objects.get_for_user_or_404(request.user, pk=pk))


@require_http_methods(["GET", "HEAD", "POST"])
def session_finish_kept(request, client_id):
    """Rate again what was started without a connection: the device knows only its own id of it.

    Looked at, it is the session itself: there a refused rating can be put right.
    """
    session = TreatmentSession.objects.get_for_user_or_404(request.user, client_id=client_id)
    return finish(request, session) if request.method == "POST" else redirect(session)


def finish(request, session):
    if session.pain_after is not None:
        return rated_before(request, session)
    is_whole = request.method != "POST" or "version" in request.POST
    form_class = FinishForm if is_whole else RateAgainForm
    return edit(request, form_class, session, "diary/session_finish.html", then="diary:today")


def rated_before(request, session):
    """A rating is never written over by a tap: a repeated one is saved, another is asked about."""
    if request.POST.get("pain_after") == str(session.pain_after):
        return redirect("diary:today")
    notice = _("This was rated again already: %(entry)s. If that was wrong, change it here.")
    context = {
        "form": SessionForm(instance=session, user=request.user, at=timezone.now()),
        "entry": session,
        "notice": notice % {"entry": session.summary()},
    }
    status = 409 if request.method == "POST" else 200
    return render(request, "diary/session_form.html", context, status=status)


@require_POST
def session_close(request, pk):
    """It will not be rated again: it stays missing, and is no longer asked for."""
    session = TreatmentSession.objects.get_for_user_or_404(request.user, pk=pk)
    own = TreatmentSession.objects.for_user(request.user)
    own.filter(pk=session.pk, pain_after=None).update(is_closed_unrated=True)
    text = _("Closed as not rated. The session stays in your diary.")
    say_saved(request, text, JustSaved(Change.CLOSING, session.client_id, session.version))
    return redirect("diary:today")


@require_http_methods(["GET", "HEAD", "POST"])
def session_create(request):
    """Both ratings written down afterwards."""
    at = timezone.now()
    if request.method == "POST":
        form = SessionForm(request.POST, user=request.user, at=at)
        return create(request, form, "diary/session_form.html")
    form = SessionForm(user=request.user, at=at, initial=on_day(request, "started_at", at))
    return render(request, "diary/session_form.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def session_edit(request, pk):
    session = TreatmentSession.objects.get_for_user_or_404(request.user, pk=pk)
    return edit(request, SessionForm, session, "diary/session_form.html")


@require_POST
def session_delete(request, pk):
    return delete(request, TreatmentSession.objects.get_for_user_or_404(request.user, pk=pk))


@require_POST
def take_back(request):
    """Undo what was saved a moment ago."""
    outcome = just_saved.take_back(request, request.POST.get("saved", ""))
    if outcome == Outcome.CHANGED:
        messages.error(request, _("It was changed since then. Change or delete it in your diary."))
    elif outcome == Outcome.GONE:
        messages.info(request, _("It was taken back before."))
    else:
        tags = "undo" if outcome == Outcome.REMOVED else ""
        messages.success(request, _("Taken back."), extra_tags=tags)
    return redirect("diary:today")


@require_POST
def undo(request):
    if deletion.undo(request):
        messages.success(request, _("It is back in your diary."))
    else:
        messages.error(request, _("There is nothing to bring back."))
    return redirect("diary:list")


def create(request, form, template):
    """Save a new entry once, however often it is sent."""
    try:
        entry = form.create() if form.is_valid() else None
    except AlreadySentError as sent:
        if not form.repeats(sent.args[0]):
            return already_sent(request, form, template)
        return redirect(flags.ticked_page(form, sent.args[0]) or "diary:today")
    if entry is None:
        return render(request, template, {"form": form}, status=422)
    if ticked := flags.ticked_page(form, entry):
        return redirect(ticked)
    say_saved(request, saved_words(entry, at=form.at), JustSaved.new(entry))
    return redirect(flags.question(form, entry) or "diary:today")


def saved_words(entry, *, at):
    summary = entry.summary()
    is_today = entry.diary_date == at.astimezone(entry.user.zone).date()
    if is_today and summary == _("No pain"):
        return _("Saved. No pain today")
    return _("Saved. %(entry)s") % {"entry": summary}


def say_saved(request, text, saved):
    """What was saved, on the next page, with the way back and the progress towards an answer."""
    messages.success(request, text, extra_tags=TAG + saved.token)


def already_sent(request, form, template):
    """The form was sent before with something else in it: ask, and lose neither."""
    data = form.typed_again(client_id=uuid.uuid4())
    again = type(form)(data, user=form.user, at=form.at)
    notice = _(
        "An entry was already saved from this page, and it says something else. "
        "If you meant a second entry, save again; else leave it."
    )
    return render(request, template, {"form": again, "notice": notice}, status=409)


def edit(request, form_class, entry, template, then=None):
    """Change an entry, unless it was changed elsewhere since the form had been opened."""
    at = timezone.now()
    if request.method != "POST":
        form = form_class(instance=entry, user=request.user, at=at)
        return render(request, template, {"form": form, "entry": entry})
    form = form_class(request.POST, instance=entry, user=request.user, at=at)
    try:
        changed = form.change() if form.is_valid() else None
    except StaleVersionError:
        return stale(request, form, template)
    if changed is None:
        return render(request, template, {"form": form, "entry": entry}, status=422)
    if ticked := flags.ticked_page(form, changed):
        return redirect(ticked)
    text = _("Saved. %(entry)s") % {"entry": changed.summary()}
    if then:
        say_saved(request, text, JustSaved(Change.RATING, changed.client_id, changed.version))
    else:
        messages.success(request, text)
    return redirect(flags.question(form, changed) or then or changed.day_url())


def stale(request, form, template):
    """Changed elsewhere in the meantime: show what it says now beside what was typed here."""
    model = type(form.instance)
    now_stored = model.objects.get_for_user_or_404(request.user, pk=form.instance.pk)
    if form.repeats(now_stored):
        return redirect(now_stored.day_url())
    data = form.typed_again(version=now_stored.version)
    again = type(form)(data, instance=now_stored, user=form.user, at=form.at)
    context = {"form": again, "entry": now_stored, "stored": now_stored.summary()}
    return render(request, template, context, status=409)


def delete(request, entry):
    deletion.delete(request, entry)
    messages.success(request, _("Deleted."), extra_tags="undo")
    return redirect("diary:list")
