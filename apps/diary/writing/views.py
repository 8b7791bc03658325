"""Check-ins and sessions: written down, rated again, changed, deleted."""

from datetime import date, timedelta

from django.db import transaction
from django.http import Http404, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.diary.entries.last_side import last_side
from apps.diary.entries.moments import same_time_on
from apps.diary.entries.saving import create, delete, edit, say_saved
from apps.diary.entries.undo import Change, JustSaved
from apps.diary.models import CheckIn, TreatmentSession
from apps.diary.waiting import coin
from apps.diary.waiting.questions import ask_how_often, ask_to_wait
from apps.diary.writing.check_in_form import CheckInForm, QuickCheckInForm, SentQuickly
from apps.diary.writing.just_rated import just_rated
from apps.diary.writing.session_form import FinishForm, RateAgainForm, SessionForm, StartForm
from apps.diary.writing.together_form import FinishTogetherForm, TogetherForm
from apps.treatments.catalogue import is_one_off
from apps.users.typed.years import FIRST_YEAR

CHECK_IN_PAGE = "diary/writing/checkin_form.html"
LONGEST_NUMBER = 19  # digits of a primary key
QUICKLY_TYPED = ["condition", *QuickCheckInForm.Meta.fields]


@require_http_methods(["GET", "HEAD", "POST"])
def checkin_create(request):
    at = timezone.now()
    if request.method != "POST" or "more" in request.POST:
        initial = typed_so_far(request) | on_day(request, "rated_at", at)
        form = CheckInForm(user=request.user, at=at, initial=initial)
        return render(request, CHECK_IN_PAGE, {"form": form})
    data = no_pain_today(request.POST) if "no_pain" in request.POST else request.POST
    return create(request, as_sent(data, user=request.user, at=at), CHECK_IN_PAGE)


def as_sent(data: QueryDict, **named) -> CheckInForm | SentQuickly:
    """Of a save from Today, an eighth went into making the questions that were not asked there."""
    if SentQuickly.names >= data.keys():
        form = SentQuickly(data, **named)
        if form.is_valid():
            return form
    return CheckInForm(data, **named)


def typed_so_far(request) -> dict:
    """What the quick form held when more was asked for; at first only the side of last time."""
    if request.method == "POST":
        return {name: request.POST[name] for name in QUICKLY_TYPED if name in request.POST}
    named = named_in(request)
    of = [int(pk) for pk in named.values() if pk.isdecimal() and len(pk) < LONGEST_NUMBER]
    return {"side": last_side(request.user, of=of)} | named


def named_in(request) -> dict:
    """The condition that the address names."""
    return {name: request.GET[name] for name in ("condition",) if name in request.GET}


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
    return edit(request, CheckInForm, check_in, CHECK_IN_PAGE)


@require_POST
def checkin_delete(request, pk):
    return delete(request, CheckIn.objects.get_for_user_or_404(request.user, pk=pk))


@require_http_methods(["GET", "HEAD", "POST"])
def session_start(request):
    """Start now: what, side, and one tap on the pain before."""
    at = timezone.now()
    if request.method == "POST":
        return start(request, StartForm(request.POST, user=request.user, at=at))
    side = last_side(request.user)
    form = StartForm(user=request.user, at=at, initial={"side": side})
    chosen = chosen_treatments(request, form)
    if any(map(is_one_off, chosen)):
        return redirect("treatments:period_create", chosen[0].pk)
    form.start_with(chosen)
    form.just_rated = just_rated(request.user, chosen, at=at)
    if form.just_rated:
        form.initial["condition"] = form.just_rated.condition.pk
    return render(request, "diary/writing/session_start.html", {"form": form})


def chosen_treatments(request, form):
    """The treatments that the address names; none is wait and see."""
    try:
        return [form.treatments[pk] for pk in dict.fromkeys(request.GET.getlist("treatment"))]
    except KeyError:
        raise Http404 from None


def start(request, form):
    """Save a started session once, unless something is asked first: then that is the answer."""
    try:
        return create(request, form, "diary/writing/session_start.html")
    except coin.WaitFirstError:
        return ask_to_wait(request, form)
    except coin.HowOftenError:
        return ask_how_often(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
def session_start_together(request):
    """Start now for several complaints at once."""
    at, template = timezone.now(), "diary/writing/session_start_together.html"
    if request.method == "POST":
        return create(request, TogetherForm(request.POST, user=request.user, at=at), template)
    form = TogetherForm(user=request.user, at=at)
    chosen = chosen_treatments(request, form)
    if any(map(is_one_off, chosen)):
        return redirect("treatments:period_create", chosen[0].pk)
    form.start_with(chosen)
    return render(request, template, {"form": form})


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
    if is_whole and session.others().unrated().exists():
        form_class = FinishTogetherForm
    then = reverse("diary:session_after", args=[session.pk])
    return edit(request, form_class, session, "diary/writing/session_finish.html", then=then)


@require_safe
def session_after(request, pk):
    """What followed, beside the person's own waits from the same start."""
    session = TreatmentSession.objects.get_for_user_or_404(request.user, pk=pk)
    if session.pain_after is None:
        return redirect("diary:session_finish", pk)
    minutes = (session.after_rated_at - session.started_at) // timedelta(minutes=1)
    context = {"entry": session, "names": session.names_of_treatments(), "minutes": minutes}
    rated = session.others().filter(pain_after__isnull=False)
    context["others"] = rated.select_related("condition")
    return render(request, "diary/writing/session_after.html", context)


def rated_before(request, session):
    """A rating is never written over by a tap: a repeated one is saved, another is asked about."""
    if request.POST.get("pain_after") == str(session.pain_after):
        return redirect("diary:session_after", session.pk)
    notice = _("This was rated again already: %(entry)s. If that was wrong, change it here.")
    context = {
        "form": SessionForm(instance=session, user=request.user, at=timezone.now()),
        "entry": session,
        "notice": notice % {"entry": session.summary()},
    }
    status = 409 if request.method == "POST" else 200
    return render(request, "diary/writing/session_form.html", context, status=status)


@require_POST
def session_close(request, pk):
    """It will not be rated again: it stays missing, and is no longer asked for."""
    session = TreatmentSession.objects.get_for_user_or_404(request.user, pk=pk)
    own = TreatmentSession.objects.for_user(request.user)
    with transaction.atomic():
        own.filter(pk=session.pk, pain_after=None).update(is_closed_unrated=True)
        session.others().filter(pain_after=None).update(is_closed_unrated=True)
    text = _("Closed as not rated. The session stays in your diary.")
    say_saved(request, text, JustSaved(Change.CLOSING, session.client_id, session.version))
    return redirect("diary:today")


@require_http_methods(["GET", "HEAD", "POST"])
def session_create(request):
    """Both ratings written down afterwards."""
    at = timezone.now()
    if request.method == "POST":
        form = SessionForm(request.POST, user=request.user, at=at)
        return create(request, form, "diary/writing/session_form.html")
    form = SessionForm(user=request.user, at=at, initial=on_day(request, "started_at", at))
    return render(request, "diary/writing/session_form.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def session_edit(request, pk):
    session = TreatmentSession.objects.get_for_user_or_404(request.user, pk=pk)
    return edit(request, SessionForm, session, "diary/writing/session_form.html")


@require_POST
def session_delete(request, pk):
    return delete(request, TreatmentSession.objects.get_for_user_or_404(request.user, pk=pk))
