from django.contrib import messages
from django.db import transaction
from django.db.models.functions import Lower
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.conditions.forms import ConditionForm, causes_of
from apps.conditions.hanging_on import delete_if_free, has_entries
from apps.conditions.models import Condition


@require_safe
def index(request):
    conditions = Condition.objects.for_user(request.user).order_by(Lower("name"))
    context = {
        "current": [condition for condition in conditions if not condition.archived_at],
        "archived": [condition for condition in conditions if condition.archived_at],
    }
    return render(request, "conditions/list.html", context)


@require_safe
def detail(request, pk):
    condition = Condition.objects.get_for_user_or_404(request.user, pk=pk)
    context = {"condition": condition, "causes": condition.causes.for_user(request.user)}
    return render(request, "conditions/detail.html", context)


def create(request):
    return _form_page(request, Condition(user=request.user))


def edit(request, pk):
    return _form_page(request, Condition.objects.get_for_user_or_404(request.user, pk=pk))


def _form_page(request, condition):
    """The condition and its causes are one page, and are stored together or not at all."""
    data = request.POST if request.method == "POST" else None
    form = ConditionForm(data, instance=condition, user=request.user)
    causes = causes_of(condition, data)
    if data is not None and causes.is_valid() and _store(form, causes):
        messages.success(request, _("Saved."))
        return redirect(condition)
    context = {"form": form, "causes": causes, "condition": condition}
    status = 200 if data is None else 422
    return render(request, "conditions/form.html", context, status=status)


def _store(form, causes) -> bool:
    with transaction.atomic():
        is_stored = form.save_if_valid()
        if is_stored:
            causes.save()
    return is_stored


def delete(request, pk):
    condition = Condition.objects.get_for_user_or_404(request.user, pk=pk)
    if request.method == "POST" and delete_if_free(condition):
        messages.success(request, _("“%(name)s” is deleted.") % {"name": condition.name})
        return redirect("conditions:list")
    context = {"condition": condition, "has_entries": has_entries(condition)}
    status = 409 if request.method == "POST" else 200
    return render(request, "conditions/delete.html", context, status=status)


@require_POST
def archive(request, pk):
    return _set_archived(request, pk, timezone.now())


@require_POST
def unarchive(request, pk):
    return _set_archived(request, pk, None)


def _set_archived(request, pk, archived_at):
    condition = Condition.objects.get_for_user_or_404(request.user, pk=pk)
    condition.archived_at = archived_at
    condition.save(update_fields=["archived_at"])
    return redirect(condition)
