"""The page "Your data": everything out, everything in."""

from django import forms
from django.contrib import messages
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from apps.diary.exchange import COLUMNS
from apps.diary.exchange_import import import_diary
from apps.diary.exports import EXPORTS
from apps.treatments.models import Kind

MOST_BYTES = 20 * 1024 * 1024


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
    return _page(request, DiaryFileForm())


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


@csrf_exempt  # looking for the token would read the whole file; _import_file asks for it
@require_POST
def import_file(request):
    """Refuse what is too large by its stated length, before a byte of it is read."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isascii() and length.isdecimal() and int(length) <= MOST_BYTES:
        return _import_file(request)
    form = DiaryFileForm()
    form.errors["file"] = form.error_class([_("This file is too large: up to 20 MB, please.")])
    return _page(request, form, status=413)


@csrf_protect
def _import_file(request):
    form = DiaryFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    outcome = import_diary(request.user, form.cleaned_data["file"].read(), at=timezone.now())
    if outcome.problems:
        form.add_error("file", _("This file has problems: see the table above."))
        return _page(request, form, status=422, problems=outcome.problems)
    messages.success(request, _said(outcome))
    return redirect("diary:data")


def _said(outcome):
    new = ngettext("%(n)s new entry", "%(n)s new entries", outcome.new) % {"n": outcome.new}
    return _("%(new)s imported, %(known)s already there.") % {"new": new, "known": outcome.known}


def _page(request, form, *, status=200, problems=None):
    context = {
        "form": form,
        "problems": problems,
        "columns": COLUMNS,
        "treatment_kinds": Kind.values,
    }
    return render(request, "diary/data.html", context, status=status)
