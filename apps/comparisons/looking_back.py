"""What the diary says of a treatment on the day that its person wanted to look back on it."""

from django.db.models import Count, Sum
from django.template.loader import render_to_string
from django.utils import timezone

from apps.comparisons.answers import finding_of, use
from apps.comparisons.charts.weeks import in_words
from apps.comparisons.reading import over_weeks
from apps.comparisons.reading.bounds import latest_condition_of
from apps.comparisons.reading.results import comparison_of
from apps.conditions.models import Condition
from apps.diary.models import TreatmentSession
from apps.diary.self_tests.sealing import asking_about
from apps.treatments.catalogue import is_one_off
from apps.treatments.models import Treatment


def looking_back(treatment: Treatment) -> str:
    """A part of the page: verdict, weeks, use, cost so far, and what was expected."""
    return render_to_string("comparisons/_looking_back.html", shown(treatment))


def shown(treatment: Treatment) -> dict:
    """Nothing of it while a planned self-test of the treatment runs: it is sealed."""
    if asking_about(treatment.user, treatment):
        return {"is_sealed": True}
    condition = condition_of(treatment)
    if condition is None:
        return {"use": use_of(treatment)}
    finding = None
    if not is_one_off(treatment):
        finding = finding_of(comparison_of(treatment.user, condition), treatment)
    around = over_weeks.of_all(treatment.user, condition, today=timezone.localdate())[treatment]
    return {
        "finding": finding,
        "over": in_words.shown(around) if around else None,
        "use": use_of(treatment),
    }


def condition_of(treatment: Treatment) -> Condition | None:
    """What it was last used for; not used yet, the first that is current."""
    own = Condition.objects.for_user(treatment.user)
    latest = latest_condition_of(treatment)
    return own.filter(pk=latest).first() if latest else own.current().first()


def use_of(treatment: Treatment) -> list:
    """What it took and what was expected; what that is per point stands on its card."""
    return use(counted(treatment), None, treatment, is_part=False)


def counted(treatment: Treatment) -> dict:
    sessions = TreatmentSession.objects.for_user(treatment.user).with_treatment(treatment)
    spent = {"timed": Count("minutes"), "minutes_spent": Sum("minutes", default=0)}
    return sessions.order_by().aggregate(sessions=Count("pk"), **spent)
