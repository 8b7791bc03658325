"""The days from and until which a treatment was in use."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from apps.treatments.catalogue import is_one_off
from apps.treatments.forms import period_form_of
from apps.treatments.models import TreatmentPeriod
from apps.treatments.views import own_treatment_or_404


def create(request, treatment_pk):
    treatment = own_treatment_or_404(request, treatment_pk)
    return _form_page(request, TreatmentPeriod(user=request.user, treatment=treatment))


def edit(request, treatment_pk, pk):
    return _form_page(request, _own_period_or_404(request, treatment_pk, pk))


def _form_page(request, period):
    data = request.POST if request.method == "POST" else None
    form_class = period_form_of(period.treatment)
    form = form_class(data, instance=period, user=request.user)
    if form.save_if_valid():
        messages.success(request, _("Saved."))
        return redirect(period.treatment)
    status = 200 if data is None else 422
    context = {"form": form, "period": period, "treatment": period.treatment}
    context["is_one_off"] = is_one_off(period.treatment)
    return render(request, "treatments/period_form.html", context, status=status)


def delete(request, treatment_pk, pk):
    period = _own_period_or_404(request, treatment_pk, pk)
    if request.method == "POST":
        period.delete()
        messages.success(request, _("The period is deleted."))
        return redirect(period.treatment)
    context = {"period": period, "treatment": period.treatment}
    return render(request, "treatments/period_delete.html", context)


def _own_period_or_404(request, treatment_pk, pk):
    periods = TreatmentPeriod.objects.select_related("treatment")
    period = periods.get_for_user_or_404(request.user, treatment=treatment_pk, pk=pk)
    period.user = period.treatment.user = request.user
    return period
