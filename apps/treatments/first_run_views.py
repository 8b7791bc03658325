"""The pages after sign-up, one question each. Each can be skipped, and all can be put off."""

from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.treatments.first_run import FirstRunForm, SinceForm, UseForm, next_asked_about
from apps.treatments.views import own_treatment_or_404


@require_http_methods(["GET", "HEAD", "POST"])
def what_hurts(request):
    if "later" in request.POST:
        request.user.finish_set_up(at=timezone.now())
        return redirect("diary:today")
    if "skip" in request.POST:
        return redirect("treatments:first_run_use")
    form = FirstRunForm(request.POST or None)
    if form.is_valid():
        form.save(request.user)
        return redirect("treatments:first_run_use")
    return _question(request, form, "what_hurts")


@require_http_methods(["GET", "HEAD", "POST"])
def use(request):
    if "skip" in request.POST:
        return _go_on(request, after=None)
    data = request.POST if request.method == "POST" else None
    form = UseForm(data, user=request.user)
    if form.is_valid():
        form.save()
        if "add" in request.POST:
            return redirect("treatments:first_run_use")
        return _go_on(request, after=None)
    return _question(request, form, "use")


@require_http_methods(["GET", "HEAD", "POST"])
def since(request, pk):
    treatment = own_treatment_or_404(request, pk)
    if "skip" in request.POST:
        return _go_on(request, after=treatment)
    data = request.POST if request.method == "POST" else None
    form = SinceForm(data, instance=treatment, user=request.user)
    if form.save_if_valid():
        return _go_on(request, after=treatment)
    then = next_asked_about(request.user, treatment)
    return _question(request, form, "since", treatment=treatment, then=then)


def _question(request, form, name, **more):
    status = 422 if form.errors else 200
    template = f"treatments/first_run/{name}.html"
    return render(request, template, {"form": form, **more}, status=status)


def _go_on(request, *, after):
    """To the next treatment of which it is not known since when; after the last, to the end."""
    if treatment := next_asked_about(request.user, after):
        return redirect("treatments:first_run_since", treatment.pk)
    request.user.finish_set_up(at=timezone.now())
    return redirect("comparisons:what_it_can_tell")
