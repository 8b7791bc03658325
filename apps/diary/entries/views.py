"""Bringing back what was deleted."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.diary.entries import deletion


@require_POST
def undo(request):
    if deletion.undo(request):
        messages.success(request, _("It is back in your diary."))
    else:
        messages.error(request, _("There is nothing to bring back."))
    return redirect("diary:list")
