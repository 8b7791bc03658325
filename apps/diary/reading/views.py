"""The diary by month and by day."""

import uuid
from datetime import date

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.diary.reading.days import page_of_days
from apps.diary.reading.filter import DiaryFilter, MonthFilter, link_to_older
from apps.diary.reading.month import is_a_month, month_of
from apps.users.typed.years import FIRST_YEAR, LAST_YEAR


@require_safe
def this_month(request):
    today = timezone.localdate()
    return redirect("diary:month", today.year, today.month)


@require_safe
def month(request, year, month):
    """A square for each day. The filter is only built where the address has one."""
    if not is_a_month(year, month):
        raise Http404
    first_day, today, limits, form = date(year, month, 1), timezone.localdate(), {}, None
    if request.GET:
        form = MonthFilter(request.GET, user=request.user)
        limits = form.cleaned_data if form.is_valid() else {}
    shown = month_of(request.user, first_day, today=today, **limits)
    context = {"month": shown, "form": form, "query": request.GET.urlencode()}
    status = 422 if form and form.errors else 200
    return render(request, "diary/reading/month.html", context, status=status)


@require_safe
def day(request, year, month, day):
    """Everything of one day, and what can be added to it."""
    day, today = _day_or_404(year, month, day), timezone.localdate()
    days, _older = page_of_days(request.user, first_day=day, last_day=day)
    context = {
        "day": day,
        "entries": days[0].entries[::-1] if days else [],
        "has_come": day <= today,
        "is_today": day == today,
        "client_id": uuid.uuid4(),
    }
    return render(request, "diary/reading/day.html", context | neighbours(day, today))


def _day_or_404(year, month, day) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    try:
        return date(year, month, day)
    except ValueError:
        raise Http404 from None


def neighbours(day: date, today: date) -> dict:
    earlier, later = (date.fromordinal(day.toordinal() + step) for step in (-1, 1))
    return {
        "earlier": earlier if earlier.year >= FIRST_YEAR else None,
        "later": later if later <= today else None,
    }


@require_safe
def diary_list(request):
    """By day, the newest first. The filter is only built where the address has one."""
    if not request.GET:
        days, older = page_of_days(request.user)
        return render(
            request, "diary/reading/list.html", {"days": days, "older": link_to_older(older)}
        )
    chosen = DiaryFilter(request.GET, user=request.user)
    if not chosen.is_valid():
        return render(request, "diary/reading/list.html", {"form": chosen}, status=422)
    days, older = page_of_days(request.user, **chosen.limits())
    context = {
        "days": days,
        "older": chosen.link_to_older(older),
        "is_narrowed": chosen.is_narrowed(),
    }
    if context["is_narrowed"] or "filter" in request.GET:
        context["form"] = chosen
    return render(request, "diary/reading/list.html", context)
