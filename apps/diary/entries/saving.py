"""Saving an entry: once however often it is sent, never over a change made elsewhere."""

import uuid

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.diary.entries import deletion
from apps.diary.entries.form import AlreadySentError, StaleVersionError
from apps.diary.entries.undo import TAG, Change, JustSaved


def create(request, form, template):
    """Save a new entry once, however often it is sent."""
    try:
        entry = form.create() if form.is_valid() else None
    except AlreadySentError as sent:
        if not form.repeats(sent.args[0]):
            return already_sent(request, form, template)
        return redirect(form.comes_first(sent.args[0]) or "diary:today")
    if entry is None:
        return render(request, template, {"form": form}, status=422)
    if first := form.comes_first(entry):
        return redirect(first)
    say_saved(request, saved_words(entry, at=form.at), JustSaved.new(entry))
    return redirect(form.leads_to(entry) or "diary:today")


def saved_words(entry, *, at):
    summary = entry.summary()
    is_today = entry.diary_date == at.astimezone(entry.user.zone).date()
    if is_today and summary == _("No pain"):
        return _("Saved. No pain today")
    return _("Saved. %(entry)s") % {"entry": summary}


def say_saved(request, text, saved):
    """What was saved, on the next page, with the way back and the progress towards an answer."""
    messages.success(request, text, extra_tags=TAG + saved.token)


def already_sent(request, form, template):
    """The form was sent before with something else in it: ask, and lose neither."""
    again = form.asked_again(client_id=uuid.uuid4())
    notice = _(
        "An entry was already saved from this page, and it says something else. "
        "If you meant a second entry, save again; else leave it."
    )
    return render(request, template, {"form": again, "notice": notice}, status=409)


def edit(request, form_class, entry, template, then=None):
    """Change an entry, unless it was changed elsewhere since the form had been opened."""
    at = timezone.now()
    if request.method != "POST":
        form = form_class(instance=entry, user=request.user, at=at)
        return render(request, template, {"form": form, "entry": entry})
    form = form_class(request.POST, instance=entry, user=request.user, at=at)
    try:
        changed = form.change() if form.is_valid() else None
    except StaleVersionError:
        return stale(request, form, template)
    if changed is None:
        return render(request, template, {"form": form, "entry": entry}, status=422)
    if first := form.comes_first(changed):
        return redirect(first)
    text = _("Saved. %(entry)s") % {"entry": changed.summary()}
    if then:
        say_saved(request, text, JustSaved(Change.RATING, changed.client_id, changed.version))
    else:
        messages.success(request, text)
    return redirect(form.leads_to(changed) or then or changed.day_url())


def stale(request, form, template):
    """Changed elsewhere in the meantime: show what it says now beside what was typed here."""
    model = type(form.instance)
    now_stored = model.objects.get_for_user_or_404(request.user, pk=form.instance.pk)
    if form.repeats(now_stored):
        return redirect(now_stored.day_url())
    data = form.typed_again(version=now_stored.version)
    again = type(form)(data, instance=now_stored, user=form.user, at=form.at)
    context = {"form": again, "entry": now_stored, "stored": now_stored.summary()}
    return render(request, template, context, status=409)


def delete(request, entry):
    deletion.delete(request.user, entry, at=timezone.now())
    messages.success(request, _("Deleted."))  # the page that follows offers to undo it
    return redirect("diary:list")
