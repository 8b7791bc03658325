from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.comparisons import answers, charts
from apps.comparisons.filters import (
    CardFilters,
    ChartFilters,
    CompareFilters,
    FunctionFilters,
    latest_condition_of,
)
from apps.comparisons.results import comparison_of
from apps.diary.red_flags import open_flags
from apps.treatments.models import Treatment
from apps.treatments.views import own_treatment_or_404


@require_safe
def timeline(request):
    """Pain over time with the treatments below it."""
    form = ChartFilters(request.GET, user=request.user)
    return _page(request, "comparisons/timeline.html", form, charts.pain_over_time)


@require_safe
def sides(request):
    """Left against right over time."""
    form = ChartFilters(request.GET, user=request.user)
    return _page(request, "comparisons/sides.html", form, charts.left_and_right)


@require_safe
def function(request):
    """How well the person's own activities go over time."""
    form = FunctionFilters(request.GET, user=request.user)
    return _page(request, "comparisons/function.html", form, charts.function_over_time)


@require_safe
def compare(request):
    """All treatments against waiting."""
    form = CompareFilters(request.GET, user=request.user)
    context = {"form": form, **_not_told_by_numbers(request)}
    if not form.conditions:
        return render(request, "comparisons/compare.html", context)
    if not form.is_valid_or_404():
        return render(request, "comparisons/compare.html", context, status=422)
    condition = form.chosen_condition
    limits = form.limits(today=timezone.localdate())
    comparison = comparison_of(request.user, condition, **limits)
    own = {treatment.name: treatment for treatment in Treatment.objects.for_user(request.user)}
    order = form.ordered(comparison)
    named = {
        "as_of": timezone.now(),
        "condition": condition.name,
        "kinds": {name: treatment.kind for name, treatment in own.items()},
    }
    context |= {
        "chart": charts.against_waiting(comparison, order=order, **named),
        "findings": [{"finding": f, "treatment": own.get(f.treatment)} for f in order],
        "not_told_apart": comparison.not_told_apart(),
    }
    return render(request, "comparisons/compare.html", context)


@require_safe
def treatment(request, pk):
    """The three answers of one treatment."""
    own = own_treatment_or_404(request, pk)

    def draw(*chosen):
        return answers.answers(*chosen, own)

    return _card(request, draw, condition=latest_condition_of(own), treatment=own)


@require_safe
def waits(request):
    """The waits alone: what happened when nothing was done."""
    return _card(request, answers.waits_alone)


def _card(request, draw, *, condition=None, **context):
    form = CardFilters(request.GET, user=request.user, condition=condition, with_side=True)
    context |= {"form": form, **_not_told_by_numbers(request)}
    if form.conditions:
        if not form.is_valid_or_404():
            return render(request, "comparisons/treatment.html", context, status=422)
        today = timezone.localdate()
        chosen = form.chosen_condition, form.span(today=today), form.limits(today=today)
        context["card"] = draw(request.user, *chosen)
    return render(request, "comparisons/treatment.html", context)


def _page(request, template, form, draw):
    """A chart under its filters; without any condition yet, what to do first."""
    context = {"form": form, **_not_told_by_numbers(request)}
    if not form.conditions:
        return render(request, template, context)
    if not form.is_valid_or_404():
        return render(request, template, context, status=422)
    span = form.span(today=timezone.localdate())
    context["earlier"] = form.earlier(span)
    context["chart"] = draw(request.user, form.chosen_condition, span)
    return render(request, template, context)


def _not_told_by_numbers(request):
    """Red flags that are open: above every chart, so that no number reassures about them."""
    return {"red_flags": open_flags(request.user, at=timezone.now())}
