from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.comparisons import answers
from apps.comparisons.answer_rows import rows, while_few
from apps.comparisons.charts import (
    against_waiting,
    function_over_time,
    left_and_right,
    pain_over_time,
    signs_over_time,
)
from apps.comparisons.filters import (
    CardFilters,
    ChartFilters,
    CompareFilters,
    FunctionFilters,
    TimelineFilters,
)
from apps.comparisons.reading import slots
from apps.comparisons.reading.bounds import latest_condition_of
from apps.comparisons.reading.course import course_of
from apps.comparisons.reading.drawn import as_safe, drawn_once
from apps.comparisons.reading.results import comparison_of
from apps.comparisons.reading.signs import written
from apps.comparisons.reading.sleep_and_steps import sleep_and_steps
from apps.comparisons.reading.weaker import weaker_since_version_1
from apps.diary.models import SelfTest
from apps.diary.red_flags.flags import open_flags
from apps.diary.self_tests.sealing import asking_about, sealing, with_waiting
from apps.treatments.views import own_treatment_or_404
from config.postgres.compiled import compiled


@require_safe
def timeline(request):
    """Pain over time with the treatments below it, and the signs that can go another way."""
    form = TimelineFilters(request.GET, user=request.user)

    def draw(user, condition, span):
        course = course_of(user, condition, span)
        said = written(slots.check_ins(user, condition, span))
        return pain_over_time.chart(course, form.where) | {
            "signs": signs_over_time.strips(course, said)
        }

    return _page(request, "timeline", form, draw, sleep_and_steps)


@require_safe
def sides(request):
    """Left against right over time."""
    form = ChartFilters(request.GET, user=request.user)
    return _page(request, "sides", form, left_and_right.chart)


@require_safe
def function(request):
    """How well the person's own activities go over time."""
    form = FunctionFilters(request.GET, user=request.user)
    return _page(request, "function", form, function_over_time.chart, is_kept=False)


@require_safe
def compare(request):
    """Answers: each treatment straight after and over weeks."""
    form = CompareFilters(request.GET, user=request.user)
    context = {"form": form, **_not_told_by_numbers(request)}
    if not form.conditions:
        return render(request, "comparisons/compare.html", context)
    if not form.is_valid_or_404():
        return render(request, "comparisons/compare.html", context, status=422)
    chosen = form.chosen(today=timezone.localdate())
    context |= {"apart": form.apart(chosen.span), "chosen": chosen}

    def found():
        return context | _compared(request.user, form, chosen)

    context |= _drawn(request, chosen.condition, ["answers", "answers_filter"], found)
    return render(request, "comparisons/compare.html", context)


def _compared(user, form, chosen):
    """The answers, always from all of the condition's sessions; the picture from those chosen."""
    at = timezone.now()
    sealed_by = sealing(user, chosen.condition)
    whole = pictured = comparison_of(user, chosen.condition)
    if chosen.is_part:
        pictured = comparison_of(user, chosen.condition, **chosen.limits, keep=chosen.is_kept)
    found = form.ordered(rows(user, chosen.condition, whole, sealed_by, at=at))
    by_name = {finding.treatment: finding for finding in pictured}
    chart = against_waiting.chart(
        pictured,
        order=[by_name.pop(row.name) for row in found if row.name in by_name],
        is_part=chosen.is_part,
        as_of=at,
        condition=chosen.condition.name,
        kinds={row.name: row.treatment.kind for row in found},
    )
    return {
        "chart": chart,
        "rows": found,
        "running": sealed_by,
        "weaker": weaker_since_version_1(user, chosen.condition, whole, at=at),
        "few": while_few(user, chosen.condition, found, at=at),
        "has_axis": any(row.drawing for row in found),
        "waits": whole.waits,
        "told_apart": [each for each in whole.differences if each.is_told_apart],
        "not_told_apart": whole.not_told_apart(),
        "is_none_told_apart": whole.is_none_told_apart(),
    }


@require_safe
def treatment(request, pk):
    """The three answers of one treatment."""
    own = own_treatment_or_404(request, pk)
    if running := asking_about(request.user, own):
        context = {"treatment": own, "self_test": running, **_not_told_by_numbers(request)}
        return render(request, "comparisons/self_tests/sealed.html", context)

    def draw(chosen, context):
        def found():
            card = answers.answers(request.user, chosen, own)
            ended = _ended_of(user=request.user.pk, treatment=own.pk)
            return context | {"card": card, "self_tests": ended}

        return _drawn(request, chosen.condition, ["card"], found, of=own.pk)

    return _card(request, draw, condition=latest_condition_of(own), treatment=own)


@compiled
def _ended_of(*, user: int, treatment: int):
    return SelfTest.objects.for_user(user).ended().filter(treatment=treatment)


@require_safe
def waits(request):
    """The waits alone: what happened when nothing was done."""
    running = with_waiting(request.user)

    def draw(chosen, _context):
        return {"card": answers.waits_alone(request.user, chosen)}

    return _card(request, draw, running=running)


def _card(request, draw, *, condition=None, **context):
    form = CardFilters(request.GET, user=request.user, condition=condition, with_side=True)
    context |= {"form": form, **_not_told_by_numbers(request)}
    if form.conditions:
        if not form.is_valid_or_404():
            return render(request, "comparisons/treatment.html", context, status=422)
        chosen = form.chosen(today=timezone.localdate())
        context |= {"apart": form.apart(chosen.span), "chosen": chosen}
        context |= draw(chosen, context)
    return render(request, "comparisons/treatment.html", context)


def _page(request, name, form, draw, beside=None, *, is_kept=True):
    """A chart under its filters, and what is shown ``beside`` it; without any condition yet,
    what to do first. What is of more than the diary itself is drawn each time.
    """
    template, context = f"comparisons/{name}.html", {"form": form, **_not_told_by_numbers(request)}
    if not form.conditions:
        return render(request, template, context)
    if not form.is_valid_or_404():
        return render(request, template, context, status=422)
    span, condition = form.span(today=timezone.localdate()), form.chosen_condition
    context["apart"] = form.apart(span)

    def found():
        return context | {"chart": draw(request.user, condition, span)}

    context |= _drawn(request, condition, [name], found) if is_kept else found()
    context["measures"] = beside(request.user, span) if beside else None
    return render(request, template, context)


def _drawn(request, condition, names, found, of=""):
    """The parts of a page that are of the diary alone, drawn from what ``found`` gives, under their
    names after "drawn_". As they come without a filter they are kept.
    """

    def draw():
        context = found()
        return {
            f"drawn_{name}": render_to_string(f"comparisons/drawn/{name}.html", context).strip()
            for name in names
        }

    if request.GET:
        return as_safe(draw())
    return drawn_once(request.user, condition, f"{names[0]} {of}", draw, at=timezone.now())


def _not_told_by_numbers(request):
    """Red flags that are open: above every chart, so that no number reassures about them."""
    return {"red_flags": open_flags(request.user, at=timezone.now())}
