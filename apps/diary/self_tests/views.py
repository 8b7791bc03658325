"""What a letter says, straight after the rating; a wait broken off, a day that was otherwise."""

from datetime import timedelta

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from apps.diary.models import CheckIn, SelfTestMoment, TreatmentSession
from apps.diary.self_tests import days
from apps.diary.waiting.coin import start_query


@require_safe
def moment(request, pk):
    """Do it now, or wait first: the letter, once and for all. Or what a whole day is."""
    drawn = SelfTestMoment.objects.get_for_user_or_404(request.user, pk=pk)
    if drawn.self_test.is_by_days:
        return _day(request, drawn)
    own = TreatmentSession.objects.for_user(request.user)
    session = own.filter(client_id=drawn.client_id).first()
    if session is None or session.pain_after is not None:
        return redirect(drawn.self_test)
    done = drawn.self_test.done(drawn.letter)
    context = {
        "moment": drawn,
        "number": drawn.ordinal + 1,
        "self_test": drawn.self_test,
        "session": session,
        "done": done,
        "due_at": session.started_at + timedelta(minutes=drawn.self_test.minutes),
    }
    return render(request, "diary/self_tests/moment.html", context)


def _day(request, drawn):
    """With it or without it, all day long; a day that is over says nothing until the end."""
    self_test, today = drawn.self_test, timezone.localdate()
    if not self_test.is_running or drawn.drawn_at < days.begins(today, request.user.zone):
        return redirect(self_test)
    own = CheckIn.objects.for_user(request.user).filter(client_id=drawn.client_id)
    context = {
        "moment": drawn,
        "number": drawn.ordinal + 1,
        "self_test": self_test,
        "check_in": own.first(),
        "evening": days.EVENING,
    }
    return render(request, "diary/self_tests/day.html", context)


@require_POST
def break_off(request, pk):
    """The wait is over, by the person's own choice: on to the treatment, whose rating ends it.
    Of a day: it was otherwise than drawn, or as drawn after all."""
    drawn = SelfTestMoment.objects.get_for_user_or_404(request.user, pk=pk)
    if drawn.self_test.is_by_days:
        return _say_otherwise(request, drawn)
    if drawn.self_test.done(drawn.letter):
        return redirect("diary:self_test_moment", drawn.pk)
    own = SelfTestMoment.objects.for_user(request.user)
    own.filter(pk=drawn.pk, broken_off_at=None).update(broken_off_at=timezone.now())
    query = start_query([drawn.self_test.treatment])
    return redirect(f"{reverse('diary:session_start')}?{query}")


def _say_otherwise(request, drawn):
    """Kept beside what was drawn, which stays; nothing changes once the test has ended."""
    own = SelfTestMoment.objects.for_user(request.user).filter(pk=drawn.pk)
    running = own.filter(self_test__ended_at=None)
    if "as_drawn" in request.POST:
        running.update(broken_off_at=None)
    else:
        running.filter(broken_off_at=None).update(broken_off_at=timezone.now())
    return redirect("diary:self_test_moment", drawn.pk)
