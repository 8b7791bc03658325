from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.comparisons import charts
from apps.comparisons.filters import ChartFilters, CompareFilters, latest_condition_of
from apps.comparisons.results import comparison_of
from apps.treatments.models import Treatment
from apps.treatments.views import own_treatment_or_404


@require_safe
def timeline(request):
    """Pain over time with the treatments below it."""
    form = ChartFilters(request.GET, user=request.user)
    return _page(request, "comparisons/timeline.html", form, charts.pain_over_time)


@require_safe
def compare(request):
    """All treatments against waiting."""
    form = CompareFilters(request.GET, user=request.user)
    context = {"form": form}
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
    """Every session of one treatment, with the waits beside it."""
    return _card(request, own_treatment_or_404(request, pk))


@require_safe
def waits(request):
    """The waits alone: what happened when nothing was done."""
    return _card(request, None)


def _card(request, treatment):
    default = treatment and latest_condition_of(treatment)
    form = ChartFilters(request.GET, user=request.user, condition=default, with_side=True)

    def draw(user, condition, span):
        side = form.chosen_side
        return charts.before_and_after(user, condition, span, treatment=treatment, side=side)

    return _page(request, "comparisons/treatment.html", form, draw, treatment=treatment)


def _page(request, template, form, draw, **context):
    """A chart under its filters; without any condition yet, what to do first."""
    context["form"] = form
    if not form.conditions:
        return render(request, template, context)
    if not form.is_valid_or_404():
        return render(request, template, context, status=422)
    span = form.span(today=timezone.localdate())
    context["earlier"] = form.earlier(span)
    context["chart"] = draw(request.user, form.chosen_condition, span)
    return render(request, template, context)
