"""A treatment's card: its three answers, and what it took."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.comparisons import cost
from apps.comparisons.charts import (
    before_and_after,
    change_in_parts,
    next_day,
    over_weeks,
    per_week,
    same_start,
    slope,
)
from apps.comparisons.charts.against_waiting import in_numbers
from apps.comparisons.charts.words import n_sessions
from apps.comparisons.engine.forecast import needed
from apps.comparisons.engine.verdicts import Finding, Unanswered
from apps.comparisons.reading.card_facts import card_facts, since_start, wait_facts
from apps.comparisons.reading.chosen import Chosen
from apps.comparisons.reading.facts import SideEffects, TreatmentFacts
from apps.comparisons.reading.results import comparison_of
from apps.treatments.catalogue import is_one_off
from apps.treatments.models import Treatment
from config.postgres.compiled import compiled


def answers(user, chosen: Chosen, treatment: Treatment) -> dict:
    """What the page shows of a treatment; one that is done once has only "over weeks".

    The pictures and counts are of the days and the side chosen. The verdict, and what is worked
    out from it, is of the whole diary of the condition, whatever is chosen.
    """
    known = begun_by(user, chosen.span.last_day)
    facts = card_facts(user, chosen, treatment=treatment, start=known[treatment.pk].begun)
    finding, shown = None, {}
    if not is_one_off(treatment):
        finding = finding_of(comparison_of(user, chosen.condition), treatment)
        shown = straight_after(facts, finding, known[treatment.pk])
        shown["next_day"] = next_day.chart(facts.next_day, chosen.condition.places)
    return (
        shown
        | over_time(facts, known, treatment, chosen)
        | {
            "took": cost.in_short(treatment, facts.treated.counts, is_part=chosen.is_part),
            "use": use(facts.treated.counts, finding, treatment, is_part=chosen.is_part),
            "side_effects": side_effects(facts.side_effects),
        }
    )


def use(
    counts: dict, finding: Finding | Unanswered | None, treatment: Treatment, *, is_part: bool
) -> list:
    """What it took and what was expected; of a part only what can be counted in it."""
    if is_part:
        return cost.sessions_and_time(counts)
    return [*cost.facts(treatment, counts, finding), *beside(treatment, finding)]


def begun_by(user, day: date) -> dict[int, Treatment]:
    """Each treatment with its course up to the day."""
    return {each.pk: each for each in _begun(user=user.pk, day=day, today=timezone.localdate())}


@compiled
def _begun(*, user: int, day: date, today: date):
    own = Treatment.objects.for_user(user).with_course(day, today=today)
    return own.order_by().only("pk", "name")


def over_time(facts: TreatmentFacts, known: dict, treatment: Treatment, chosen: Chosen) -> dict:
    around, begun = facts.around_start, known[treatment.pk].begun
    since = since_start(chosen.span, begun, facts.firsts.get(treatment.pk))
    others, places = starts_of_others(treatment, known, facts.firsts), chosen.condition.places
    known = {"today": timezone.localdate(), "remembered": treatment.pain_before_from_memory}
    return {
        "over_weeks": over_weeks.on_card(around, others, places, **known) if around else None,
        "per_week": per_week.chart(facts.weeks, since) if any(facts.weeks) else None,
        "a_week": per_week.in_short(facts.weeks, since) if any(facts.weeks) else None,
    }


def side_effects(found: SideEffects) -> dict:
    """The latest, each with its day, and how many more there are."""
    return {"n": found.n, "latest": found.latest, "earlier": found.n - len(found.latest)}


def straight_after(
    facts: TreatmentFacts, finding: Finding | Unanswered | None, treatment: Treatment
) -> dict:
    groups = [
        before_and_after.group_of(treatment.name, facts.treated, is_wait=False),
        before_and_after.group_of(_("Wait and see"), facts.waits, is_wait=True),
    ]
    return {
        "finding": finding,
        "has_ended": treatment.has_ended,
        "progress": finding and not treatment.has_ended and progress(finding),
        "slope": slope.slope(finding),
        "not_the_plain_mean": slope.why_not_the_plain_mean(finding, facts.waits.counts),
        "change_in_parts": change_in_parts.chart(finding),
        "same_start": same_start.chart(treatment.name, facts.treated.changes, facts.waits.changes),
        "before_and_after": before_and_after.chart(groups),
        "sessions_in_short": n_sessions(facts.treated.counts["sessions"]),
    }


def waits_alone(user, chosen: Chosen) -> dict:
    waits = wait_facts(user, chosen)
    groups = [before_and_after.group_of(_("Wait and see"), waits, is_wait=True)]
    return {"before_and_after": before_and_after.chart(groups)}


def finding_of(comparison, treatment: Treatment) -> Finding | Unanswered | None:
    return next((found for found in comparison if found.treatment == treatment.name), None)


def progress(finding: Finding | Unanswered) -> list[dict]:
    """How far it is to an answer; nothing where it is there, or where nobody can know."""
    sessions, waits = needed(finding)
    if not (sessions or waits):
        return []
    kinds = [(_("Rated sessions"), finding.pairs, sessions), (_("Waits"), finding.waits, waits)]
    return [{"name": name, "done": done, "all": done + more} for name, done, more in kinds]


def starts_of_others(treatment: Treatment, known: dict, firsts: dict[int, date]) -> list[tuple]:
    """Name and first day of each other treatment: of its first period, else its first session."""
    days = {pk: day for pk, day in firsts.items() if pk in known}
    days |= {pk: own.begun for pk, own in known.items() if own.begun}
    return sorted((known[pk].name, day) for pk, day in days.items() if pk != treatment.pk)


def beside(treatment: Treatment, finding: Finding | Unanswered | None) -> list[list[str]]:
    """What was expected at the start beside what was found, and what was not rated."""
    facts = []
    if finding and finding.unrated:
        text = _("%(n)s of %(all)s sessions")
        values = {"n": finding.unrated, "all": finding.sessions}
        facts.append([_("Not rated again in time"), text % values])
    if treatment.expectation is not None:
        text = _("%(n)s of 10 (0 nothing, 10 that the pain goes)")
        facts.append([_("What you expected of it"), text % {"n": treatment.expectation}])
        if isinstance(finding, Finding):
            facts.append([_("What the diary shows straight after"), in_numbers(finding)])
    return facts
