"""Sleep and steps from a phone: reduced in the browser, kept a number a day, deleted at a tap."""

from django.contrib import messages
from django.db.models import Count, Max, Min
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from apps.diary.models import DayMeasure
from apps.your_data.measures.form import MeasuresForm
from apps.your_data.measures.store import store


@require_http_methods(["GET", "HEAD", "POST"])
def measures(request):
    data = request.POST if request.method == "POST" else None
    form = MeasuresForm(data, today=timezone.localdate())
    if form.is_valid():
        number = store(request.user, form.cleaned_data["days"])
        said = ngettext("%(n)s day is kept.", "%(n)s days are kept.", number) % {"n": number}
        messages.success(request, said)
        return redirect("your_data:measures")
    own = DayMeasure.objects.for_user(request.user)
    kept = own.aggregate(days=Count("pk"), first=Min("day"), last=Max("day"))
    context = {"form": form, "kept": kept}
    status = 422 if form.is_bound else 200
    return render(request, "your_data/measures.html", context, status=status)


@require_POST
def delete(request):
    DayMeasure.objects.for_user(request.user).delete()
    messages.info(request, _("Sleep and steps are deleted."))
    return redirect("your_data:measures")
