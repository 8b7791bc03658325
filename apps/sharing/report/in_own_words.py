"""What is told beside the numbers: work or usual duties, and painkillers by name."""

from collections import Counter

from django.utils.translation import gettext as _

from apps.diary.models import DutiesAnswer
from apps.sharing.report.first_and_last_weeks import NONE, Window
from apps.sharing.report.scope import Scope


def duties_row(scope: Scope, windows: list[Window]) -> list | None:
    """The latest answer of each window; None where there is none in any. One query."""
    own = DutiesAnswer.objects.for_user(scope.user).filter(condition=scope.condition)
    answers = list(own.filter(diary_date__range=(scope.first_day, scope.last_day)))
    cells = [_latest(answers, window) for window in windows]
    if all(cell is None for cell in cells):
        return None
    return [_("Work or usual duties, latest"), [cell or NONE for cell in cells]]


def _latest(answers: list[DutiesAnswer], window: Window) -> str | None:
    first, last = window.span.first_day, window.span.last_day
    within = [each for each in answers if first <= each.diary_date <= last]
    return str(within[-1].get_duties_display()) if within else None


def days_by_medicine(check_ins) -> list[tuple[str, int]]:
    """On how many days each was named, by name. One query."""
    named = check_ins.order_by().exclude(medicines=[])
    days = {
        (name, day) for names, day in named.values_list("medicines", "diary_date") for name in names
    }
    counts = Counter(name for name, _day in days)
    return sorted(counts.items(), key=lambda item: item[0].casefold())
