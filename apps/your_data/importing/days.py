"""Days of a file of ours that a spreadsheet has rewritten: which of two they are is asked once."""

from django import forms
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.your_data.importing import preview as previews
from apps.your_data.importing.turns import BUSY, BusyError, turn
from apps.your_data.table.days import question_of, readings_of
from apps.your_data.table.read_csv import days_in_question


class DaysForm(forms.Form):
    date_order = forms.ChoiceField(
        widget=forms.RadioSelect, error_messages={"required": _("Choose one.")}
    )

    def __init__(self, days: list[str], *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["date_order"]
        field.label, field.choices = question_of(readings_of(days), days)


def ask(request, file):
    """Ask, and with the answer look at the file."""
    form = DaysForm(days_in_question(file.data), request.POST or None, initial=file.columns)
    if not form.is_valid():
        return _page(request, file, form, status=422 if form.is_bound else 200)
    try:
        with turn(request.user):
            chosen = form.cleaned_data
            problems = previews.choose_columns(file, chosen, at=timezone.now())
    except BusyError:
        form.add_error(None, BUSY)
        return _page(request, file, form, status=429)
    if problems:
        return _page(request, file, form, status=422, problems=problems)
    return redirect("your_data:import_preview")


def _page(request, file, form, *, status, problems=None):
    context = {"file": file, "form": form, "problems": problems}
    return render(request, "your_data/import_days.html", context, status=status)
