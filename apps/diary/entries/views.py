"""Bringing back what was deleted."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from apps.diary.entries import deletion
from apps.diary.entries.deletion import Outcome


@require_POST
def undo(request):
    at = timezone.now()
    chosen = deletion.chosen(request.user, request.POST.getlist("deleted"), at=at)
    # The oldest first, as they were written.
    outcomes = [deletion.bring_back(kept, at=at) for kept in reversed(chosen)]
    _say(request, outcomes.count(Outcome.BACK), outcomes.count(Outcome.REPLACED))
    return redirect("diary:list")


def _say(request, back, replaced):
    if back:
        words = ngettext("It is back in your diary.", "%(n)s are back in your diary.", back)
        messages.success(request, words % {"n": back})
    if replaced:
        text = _(
            "Not brought back, because something now has its place: the same entry, sent again by "
            "one of your devices, or something new with the same name. Delete or rename that, and "
            "try again."
        )
        messages.error(request, text)
    if not (back or replaced):
        text = _("There is nothing to bring back. What you delete is kept for ten minutes.")
        messages.error(request, text)
