"""What one wants to do again: up to three activities, rated about once a week."""

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.diary.function import activities as weekly
from apps.diary.function.duties import keep_duties, take_back_duties
from apps.diary.function.form import FULL, ActivityForm, FunctionForm
from apps.diary.models import Activity, Duties
from apps.users.lists.retiring import delete_if_free, set_retired
from apps.users.lists.twins import make_one_page, twins_among


@require_http_methods(["GET", "HEAD", "POST"])
def function(request):
    """The weekly rating, and below it the activities themselves."""
    form = FunctionForm(request.POST or None, user=request.user, at=timezone.now())
    if request.method == "POST" and form.is_valid():
        day = form.typed_at.astimezone(request.user.zone).date()
        weekly.keep_ratings(request.user, form.ratings(), at=form.typed_at)
        keep_duties(request.user, form.duties(), day=day)
        said = ", ".join(in_words(form))
        messages.success(request, _("Saved. %(entry)s") % {"entry": said})
        return redirect("diary:today")
    current, today = form.activities.values(), timezone.localdate()
    archived = list(Activity.objects.for_user(request.user).exclude(archived_at=None))
    context = {
        "form": form,
        "current": current,
        "archived": archived,
        "twins": twins_among([*current, *archived], "diary:activity_make_one"),
        "is_rated_today": any(each.last_rated_on == today for each in current)
        or any(each.duties_on == today for each in form.conditions.values()),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "diary/function/function.html", context, status=status)


def in_words(form: FunctionForm) -> list[str]:
    """What was answered: each activity with its rating, and the duties."""
    rated = [f"{activity} {rating}" for activity, rating in form.ratings().items()]
    duties = [Duties(value).label for value in form.duties().values()]
    return rated + [_("Work or usual duties: %(duties)s") % {"duties": each} for each in duties]


@require_POST
def function_skip(request):
    """Not this week: one tap, and it is not asked for a week."""
    request.user.function_skipped_on = timezone.localdate()
    request.user.save(update_fields=["function_skipped_on"])
    return redirect("diary:today")


@require_POST
def activity_make_one(request, pk):
    activity = Activity.objects.get_for_user_or_404(request.user, pk=pk)
    return make_one_page(request, activity, then="diary:function")


@require_POST
def function_take_back(request):
    day = timezone.localdate()
    if weekly.take_back(request.user, day=day) + take_back_duties(request.user, day=day):
        messages.success(request, _("Taken back."))
    return redirect("diary:function")


@require_http_methods(["GET", "HEAD", "POST"])
def activity_create(request):
    return _form_page(request, Activity(user=request.user))


@require_http_methods(["GET", "HEAD", "POST"])
def activity_edit(request, pk):
    return _form_page(request, Activity.objects.get_for_user_or_404(request.user, pk=pk))


def _form_page(request, activity):
    data = request.POST if request.method == "POST" else None
    form = ActivityForm(data, instance=activity, user=request.user)
    if data is not None and form.save_if_valid():
        messages.success(request, _("Saved."))
        return redirect("diary:function")
    context = {"form": form, "is_new": activity.pk is None, "activity": activity}
    status = 200 if data is None else 422
    return render(request, "diary/function/activity_form.html", context, status=status)


@require_POST
def activity_archive(request, pk):
    activity = Activity.objects.get_for_user_or_404(request.user, pk=pk)
    set_retired(activity, activity.archived_at or timezone.now())
    return redirect("diary:function")


@require_POST
def activity_unarchive(request, pk):
    """Back to a place of its own, unless all three are taken."""
    activity = Activity.objects.get_for_user_or_404(request.user, pk=pk)
    place = (
        activity.place if activity.archived_at is None else weekly.free_place(activity.condition)
    )
    if place is None or not _is_placed(activity, place):
        messages.error(request, FULL)
    return redirect("diary:function")


def _is_placed(activity, place) -> bool:
    if place is None:
        return False
    activity.place, activity.archived_at = place, None
    try:
        with transaction.atomic():
            activity.save(update_fields=["place", "archived_at"])
    except IntegrityError:  # another tab took the place in between
        return False
    return True


@require_POST
def activity_delete(request, pk):
    """Only while it was never rated; else it is archived, and its ratings stay."""
    activity = Activity.objects.get_for_user_or_404(request.user, pk=pk)
    if delete_if_free(activity):
        messages.success(request, _("“%(name)s” is deleted.") % {"name": activity.name})
    else:
        messages.error(request, _("It has ratings. Archive it instead: they stay on the chart."))
    return redirect("diary:function")
