from django.contrib import messages
from django.db.models.functions import Lower
from django.http import Http404, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.treatments.catalogue import (
    CATALOGUE,
    GUIDELINE_TITLE,
    GUIDELINE_URL,
    is_one_off,
    kinds_by_name,
    treatment_of_kind,
)
from apps.treatments.forms import TreatmentForm
from apps.treatments.models import Decision, Kind, Treatment
from apps.users.lists.retiring import current_and_retired, delete_page, set_retired
from apps.users.lists.twins import make_one_page, twins_among


@require_safe
def index(request):
    treatments = list(Treatment.objects.for_user(request.user).order_by(Lower("name")))
    today = timezone.localdate()
    context = {
        **current_and_retired(treatments),
        "twins": twins_among(treatments, "treatments:make_one"),
        "due": Treatment.objects.for_user(request.user).due_for_review(today),
    }
    return render(request, "treatments/list.html", context)


@require_POST
def make_one(request, pk):
    return make_one_page(request, own_treatment_or_404(request, pk), then="treatments:list")


@require_safe
def detail(request, pk):
    treatment = own_treatment_or_404(request, pk)
    context = {
        "treatment": treatment,
        "periods": treatment.periods.for_user(request.user),
        "is_one_off": is_one_off(treatment),
        "is_due_for_review": treatment.is_due_for_review(timezone.localdate()),
    }
    return render(request, "treatments/detail.html", context)


def create(request):
    """``?kind=heat`` fills in what is usual for that kind."""
    kind = known_kind_or_404(request.GET.get("kind", Kind.OTHER))
    treatment = treatment_of_kind(request.user, kind)
    if kind == Kind.OTHER:
        treatment.name = ""
    return _form_page(request, treatment)


def edit(request, pk):
    return _form_page(request, own_treatment_or_404(request, pk))


def _form_page(request, treatment):
    data = request.POST if request.method == "POST" else None
    is_new = treatment.pk is None
    form = TreatmentForm(data, instance=treatment, user=request.user)
    if form.save_if_valid():
        messages.success(request, _("Saved."))
        if is_new and is_one_off(treatment):
            return redirect("treatments:period_create", treatment.pk)
        return redirect(treatment)
    status = 200 if data is None else 422
    context = {"form": form, "treatment": treatment}
    return render(request, "treatments/form.html", context, status=status)


def delete(request, pk):
    treatment = own_treatment_or_404(request, pk)
    return delete_page(request, treatment, "treatments/delete.html", then="treatments:list")


@require_POST
def archive(request, pk):
    return _set_archived(request, pk, timezone.now())


@require_POST
def unarchive(request, pk):
    return _set_archived(request, pk, None)


def _set_archived(request, pk, archived_at):
    treatment = own_treatment_or_404(request, pk)
    set_retired(treatment, archived_at)
    return redirect(treatment)


@require_POST
def decide(request, pk):
    """Go on, stop, or be asked again: on the day of looking back, or after it."""
    treatment = own_treatment_or_404(request, pk)
    try:
        decision = Decision(request.POST.get("decision"))
    except ValueError:
        return HttpResponseBadRequest(_("Choose whether to go on, to stop, or to be asked again."))
    today = timezone.localdate()
    if treatment.is_due_for_review(today):
        treatment.decide(decision, on=today, at=timezone.now())
        messages.success(request, _said(treatment, decision))
    return redirect("diary:today")


def _said(treatment, decision) -> str:
    """What was decided, and where it stands from now on."""
    if decision == Decision.STOP:
        text = _("%(name)s: stop. It is in the archive now, and its sessions stay.")
    elif decision == Decision.LATER:
        text = _("%(name)s: you are asked again on %(day)s.")
    else:
        text = _("%(name)s: go on. That stands with it, beside what you expected.")
    day = treatment.review_on and date_format(treatment.review_on, "DATE_FORMAT")
    return text % {"name": treatment.name, "day": day}


@require_safe
def kinds(request):
    return render(request, "treatments/kinds.html", {"kinds": kinds_by_name()})


@require_safe
def kind(request, slug):
    kind = known_kind_or_404(slug)
    context = {
        "facts": CATALOGUE[kind],
        "own": Treatment.objects.for_user(request.user).filter(kind=kind).order_by(Lower("name")),
        "guideline_title": GUIDELINE_TITLE,
        "guideline_url": GUIDELINE_URL,
    }
    return render(request, "treatments/kind.html", context)


def own_treatment_or_404(request, pk):
    """With its owner at hand, whose currency its costs are in."""
    treatment = Treatment.objects.get_for_user_or_404(request.user, pk=pk)
    treatment.user = request.user
    return treatment


def known_kind_or_404(name) -> Kind:
    if name not in Kind.values:
        raise Http404
    return Kind(name)
