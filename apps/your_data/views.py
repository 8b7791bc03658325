"""The page "Your data": everything out, everything in."""

from django import forms
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from apps.treatments.models import Kind
from apps.your_data.formats import EXPORTS
from apps.your_data.importing.preview import with_days
from apps.your_data.table.columns import COLUMNS

MOST_BYTES = 20 * 1024 * 1024
IMPORTED = "imported"  # in the session, until the page has said so


class DiaryFileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("CSV or JSON file"),
        widget=forms.FileInput(attrs={"accept": ".csv,.json,text/csv,application/json"}),
        help_text=gettext_lazy("Up to 20 MB."),
        error_messages={
            "required": gettext_lazy("Choose a file first."),
            "empty": gettext_lazy("The file is empty."),
        },
    )


@require_safe
def data(request):
    return data_page(request, DiaryFileForm())


@require_safe
def export(request, file_format):
    if file_format not in EXPORTS:
        raise Http404
    name = f"did-it-work-{timezone.localdate()}.{file_format}"
    return StreamingHttpResponse(
        EXPORTS[file_format].write(request.user),
        content_type=EXPORTS[file_format].content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def data_page(request, form, *, status=200, problems=None):
    """“Your data”, with what an import has just brought, told once."""
    imported = request.session.pop(IMPORTED, None)
    context = {
        "form": form,
        "imported": imported and with_days(imported),
        "problems": problems,
        "columns": COLUMNS,
        "treatment_kinds": Kind.values,
    }
    return render(request, "diary/data.html", context, status=status)
