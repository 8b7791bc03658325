from django.contrib import messages
from django.db import transaction
from django.db.models.functions import Lower
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.conditions.forms import ConditionForm, causes_of
from apps.conditions.models import Condition
from apps.users.lists.retiring import current_and_retired, delete_page, set_retired
from apps.users.lists.twins import make_one_page, twins_among


@require_safe
def index(request):
    conditions = list(Condition.objects.for_user(request.user).order_by(Lower("name")))
    twins = twins_among(conditions, "conditions:make_one")
    context = {**current_and_retired(conditions), "twins": twins}
    return render(request, "conditions/list.html", context)


@require_POST
def make_one(request, pk):
    condition = Condition.objects.get_for_user_or_404(request.user, pk=pk)
    return make_one_page(request, condition, then="conditions:list")


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
    return delete_page(request, condition, "conditions/delete.html", then="conditions:list")


@require_POST
def archive(request, pk):
    return _set_archived(request, pk, timezone.now())


@require_POST
def unarchive(request, pk):
    return _set_archived(request, pk, None)


def _set_archived(request, pk, archived_at):
    condition = Condition.objects.get_for_user_or_404(request.user, pk=pk)
    set_retired(condition, archived_at)
    return redirect(condition)
