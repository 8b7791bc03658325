"""The pages on what this is and how it is worked out, with the demo's answer. No query."""

from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.comparisons import demo_answer, tried_out
from apps.comparisons.engine import verdicts
from apps.comparisons.engine.stats import METHOD


@require_safe
@login_not_required
def home(request):
    if request.user.is_authenticated:
        return redirect("diary:today")
    return render(request, "pages/home.html", demo_answer.answer(_yesterday()))


@require_safe
@login_not_required
def method(request):
    context = demo_answer.pictures(_yesterday())
    limits = {
        "pairs": verdicts.FEWEST_PAIRS,
        "comparable_waits": verdicts.FEWEST_COMPARABLE_WAITS,
        "missing": f"{verdicts.MOST_MISSING_PERCENT} %",
    }
    more = {"limits": limits, "tried_out": tried_out.figures(), "version": METHOD}
    return render(request, "pages/method.html", {**context, **more})


def _yesterday():
    return timezone.localdate(timezone=demo_answer.ZONE) - timedelta(days=1)
