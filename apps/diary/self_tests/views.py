"""What a letter says, straight after the before-rating; and a wait that is broken off."""

from datetime import timedelta

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from apps.diary.models import SelfTestMoment, TreatmentSession
from apps.diary.waiting.coin import start_query


@require_safe
def moment(request, pk):
    """Do it now, or wait first: the letter, once and for all."""
    drawn = SelfTestMoment.objects.get_for_user_or_404(request.user, pk=pk)
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


@require_POST
def break_off(request, pk):
    """The wait is over, by the person's own choice: on to the treatment, whose rating ends it."""
    drawn = SelfTestMoment.objects.get_for_user_or_404(request.user, pk=pk)
    if drawn.self_test.done(drawn.letter):
        return redirect("diary:self_test_moment", drawn.pk)
    own = SelfTestMoment.objects.for_user(request.user)
    own.filter(pk=drawn.pk, broken_off_at=None).update(broken_off_at=timezone.now())
    query = start_query([drawn.self_test.treatment])
    return redirect(f"{reverse('diary:session_start')}?{query}")
