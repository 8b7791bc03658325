"""A planned self-test: agreed to, running (progress alone), ended, and its answer."""

from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.comparisons.charts import self_test as chart
from apps.comparisons.self_tests.answer import drawn_with_sessions, end, result_of, why_over
from apps.comparisons.self_tests.form import AgreeForm, units_of
from apps.comparisons.self_tests.power import powers
from apps.diary.models import Seal, SelfTest
from apps.diary.red_flags.flags import open_flags
from apps.diary.self_tests.days import EVENING
from apps.diary.self_tests.plan import side_effect_lately
from apps.diary.waiting.coin import may_be_put_off
from apps.treatments.views import own_treatment_or_404


@require_http_methods(["GET", "HEAD", "POST"])
def create(request, treatment_pk):
    """What a test can find, what is agreed, and the one tap that begins it."""
    treatment, at = own_treatment_or_404(request, treatment_pk), timezone.now()
    context = {"treatment": treatment, "red_flags": open_flags(request.user, at=at)}
    if not may_be_put_off(treatment) or treatment.archived_at:
        status = 409 if request.method == "POST" else 200
        return render(request, "comparisons/self_tests/not_this.html", context, status=status)
    data = request.POST if request.method == "POST" else None
    unit = _unit(request, units_of(treatment))
    form = AgreeForm(data, user=request.user, treatment=treatment, at=at, unit=unit)
    if form.is_valid() and (self_test := form.begin()):
        return redirect(self_test)
    context |= {"form": form, "powers": powers(treatment, unit, at=at)}
    context |= {"units": units_of(treatment), "unit": unit, "evening": EVENING}
    status = 422 if form.is_bound else 200
    return render(request, "comparisons/self_tests/agree.html", context, status=status)


def _unit(request, units):
    """The one that is asked for, where the treatment can be tested so."""
    asked = (request.POST or request.GET).get("unit")
    return next((unit for unit in units if unit == asked), units[0])


@require_safe
def detail(request, pk):
    """While it runs, how far it is; once it has ended, the answer."""
    own = SelfTest.objects.select_related("treatment", "other")
    self_test = own.get_for_user_or_404(request.user, pk=pk)
    drawn = drawn_with_sessions(self_test)
    show = _running if self_test.is_running else _ended
    return show(request, self_test, drawn)


def _running(request, self_test, drawn):
    context = {
        "self_test": self_test,
        "done": len(drawn),
        "rated": sum(session.get("is_pair", False) for _moment, session in drawn),
        "squares": [number < len(drawn) for number in range(self_test.moments)],
        "why_over": why_over(self_test, drawn, at=timezone.now()),
        "side_effect": side_effect_lately(self_test),
        "evening": EVENING,
    }
    return render(request, "comparisons/self_tests/running.html", context)


def _ended(request, self_test, drawn):
    result = result_of(self_test, drawn)
    context = {
        "self_test": self_test,
        "result": result,
        "words": chart.words(self_test, result),
        "chart": chart.chart(self_test, drawn),
    }
    return render(request, "comparisons/self_tests/ended.html", context)


@require_POST
def end_now(request, pk):
    """See the answer of one that is over, or stop one that is not."""
    self_test = SelfTest.objects.get_for_user_or_404(request.user, pk=pk)
    end(self_test, at=timezone.now())
    return redirect(self_test)


@require_POST
def open_seal(request, pk):
    """Wait no longer for the end of a self-test that runs where a file came from: from now on
    its sessions count here as any others do."""
    seal = Seal.objects.get_for_user_or_404(request.user, pk=pk)
    seal.delete()
    return redirect(seal)
