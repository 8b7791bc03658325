"""The page "Your data": everything out, everything in, everything gone."""

from allauth.core import ratelimit
from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from apps.diary.models import ImportedFile
from apps.treatments.models import Kind
from apps.users.adapters import FORGETS
from apps.users.security_events import Kind as Event
from apps.users.security_events import record
from apps.users.sessions import confirmed_lately, has_passkey, shown_passkey_lately
from apps.your_data import erasing, stored
from apps.your_data.formats import EXPORTS
from apps.your_data.importing.preview import with_days
from apps.your_data.table.columns import COLUMNS
from config.postgres.read_only import written_if_possible

MOST_BYTES = 20 * 1024 * 1024
LATEST = 5  # imports that are listed
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
    if not confirmed_lately(request):
        # Back to the page, not to the file: that would leave the question standing behind it.
        question = reverse("account_reauthenticate", query={"next": reverse("your_data:data")})
        return redirect(question)
    with written_if_possible():
        record(request.user, Event.EXPORTED)
    name = f"did-it-work-{timezone.localdate()}.{file_format}"
    return StreamingHttpResponse(
        EXPORTS[file_format].write(request.user),
        content_type=EXPORTS[file_format].content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def data_page(request, form, *, status=200, problems=None, changed=None):
    """“Your data”, with what an import has just brought, told once."""
    imported = request.session.pop(IMPORTED, None)
    context = {
        "form": form,
        "imported": imported and with_days(imported),
        "problems": problems,
        "changed": changed,
        "files": ImportedFile.objects.for_user(request.user)[:LATEST],
        "columns": COLUMNS,
        "treatment_kinds": Kind.values,
    }
    return render(request, "your_data/data.html", context, status=status)


@require_safe
@login_not_required
def privacy(request):
    """What is stored of a person, in words, table by table."""
    return render(request, "pages/privacy.html", {"tables": stored.stored()})


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request):
    """Delete the account and everything in it, once the person has confirmed that it is them."""
    has_shown = shown_passkey_lately(request)
    has_one = not has_shown and has_passkey(request.user)
    if has_one and not request.user.has_usable_password():
        return redirect(reverse("mfa_reauthenticate_webauthn", query={"next": request.path}))
    form = erasing.erase_form(request.user, has_shown_passkey=has_shown)
    if request.method == "POST":
        limit = {"action": "reauthenticate", "user": request.user}
        if too_many := ratelimit.consume_or_429(request, **limit):
            return too_many
        form = erasing.erase_form(request.user, request.POST, has_shown_passkey=has_shown)
        if form.is_valid():
            erasing.erase(request.user)
            logout(request)
            said = _("Your account and everything in it are deleted.")
            messages.success(request, said, extra_tags=FORGETS)
            return redirect("home")
    goes = erasing.what_goes(request.user)
    context = {"form": form, "what_goes": goes, "has_passkey": has_one}
    return render(request, "your_data/erase.html", context, status=422 if form.errors else 200)
