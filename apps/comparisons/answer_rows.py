"""The rows of Answers: each treatment by its name, straight after and over weeks."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.urls import reverse

from apps.comparisons import few_in_words
from apps.comparisons.answer_row import dot_and_interval
from apps.comparisons.answers import progress
from apps.comparisons.beside_waiting import pips
from apps.comparisons.charts.weeks import in_words
from apps.comparisons.engine.forecast import needed, weeks_needed
from apps.comparisons.engine.stats import Comparison
from apps.comparisons.engine.verdicts import Finding, Unanswered
from apps.comparisons.reading.few_sessions import FewSessions, few_sessions
from apps.comparisons.reading.over_weeks import OverWeeks, of_all
from apps.conditions.models import Condition
from apps.diary.models.self_test import Question
from apps.diary.waiting.coin import may_be_put_off
from apps.treatments.catalogue import CATALOGUE, Lasts, facts_of
from apps.treatments.models import Kind, Treatment


@dataclass(frozen=True)
class Row:
    """A treatment with what the diary says of it; nothing while a self-test asks about it.

    `finding` is None for what is not rated session by session: done once, or worn.
    """

    treatment: Treatment
    finding: Finding | Unanswered | None
    weeks: OverWeeks | None
    self_test: Question | None = None

    @property
    def name(self) -> str:
        return self.treatment.name

    @property
    def pairs(self) -> int:
        return self.finding.pairs if self.finding else 0

    @property
    def has_ended(self) -> bool:
        """Whether all of its course is over, so that there will be no more of it."""
        return self.treatment.has_ended

    @property
    def is_one_off(self) -> bool:
        return is_one_off(self.treatment)

    @property
    def is_early(self) -> bool:
        return self.finding is None or self.finding.verdict == "too_early"

    @cached_property
    def drawing(self) -> dict | None:
        return dot_and_interval(self.finding)

    @cached_property
    def over(self) -> dict | None:
        return in_words.shown(self.weeks) if self.weeks else None

    @cached_property
    def kinds(self) -> list[dict]:
        """Sessions and waits so far, each of about how many, with their pips; the sessions first.

        Nothing where an answer is there already.
        """
        if self.finding is None or self.finding.verdict != "too_early" or self.has_ended:
            return []
        return [kind | {"pips": pips(**kind)} for kind in progress(self.finding)]


def rows(
    user,
    condition: Condition,
    comparison: Comparison,
    sealing: list[Question],
    *,
    at: datetime,
    only: Collection[int] | None = None,
) -> list[Row]:
    """Every treatment that has begun, by name: never by how well it did. Two queries.

    ``sealing`` is what is asked by self-tests that run; ``only`` are the keys of those that are
    asked for.
    """
    findings = {finding.treatment: finding for finding in comparison}
    tested = {each.pk: asked for asked in sealing for each in asked.treatments}
    begun = of_all(user, condition, today=at.astimezone(user.zone).date(), only=only)
    found = []
    for own, weeks in begun.items():
        if own.pk in tested:
            found.append(Row(own, None, None, tested[own.pk]))
        elif weeks or own.name in findings:
            finding = None if is_one_off(own) else findings.get(own.name)
            found.append(Row(own, finding, weeks))
    return sorted(found, key=lambda row: row.name.casefold())


def is_one_off(treatment: Treatment) -> bool:
    """Done once, as an injection is: there is nothing to compare session by session."""
    return CATALOGUE[Kind(treatment.kind)].is_one_off


def while_few(user, condition: Condition, rows: list[Row], *, at: datetime) -> dict | None:
    """What is known while nothing can be answered yet, and how to find out at this pace.

    Of the treatment with the most rated sessions whose course goes on; None where something is
    answered. Two queries.
    """
    counted = [row for row in rows if row.finding]
    if not counted or not all(row.is_early for row in counted):
        return None
    going_on = [row for row in counted if not row.has_ended]
    if not going_on:
        return None
    row, today = max(going_on, key=lambda row: row.pairs), at.astimezone(user.zone).date()
    few = few_sessions(user, condition, row.treatment, today=today)
    pace = few_in_words.pace(few, *needed(row.finding), weeks_needed(row.finding))
    return {
        "row": row,
        "is_alone": len(rows) == 1,
        "times": few_in_words.times(few, today=today),
        "said": [few_in_words.counts(few), few_in_words.order(few)],
        "nobody_knows": few_in_words.nobody_knows(few),
        "worth": [few_in_words.in_made_up_diaries(), few_in_words.after_the_worst()],
        "pace": pace,
        "ways": ways(row, few, pace, today=today),
    }


def ways(row: Row, few: FewSessions, pace: str, *, today: date) -> list[dict]:
    """How to find out, each with where it begins; no self-test of what cannot be put off."""
    own, found = row.treatment, []
    if may_be_put_off(own):
        url = reverse("comparisons:self_test_create", args=[own.pk])
        said = few_in_words.self_test(few, today=today)
        if facts_of(own).lasts == Lasts.A_DAY:
            said = few_in_words.self_test_by_days(today=today)
        found.append(said | {"icon": "coin", "url": url})
    url = own.get_absolute_url()
    found.append(few_in_words.pause(today=today) | {"icon": "pause", "url": url})
    url = reverse("diary:today")
    known = pace if few.is_pace_known else ""
    found.append(few_in_words.flare(known) | {"icon": "flare", "url": url})
    return found
