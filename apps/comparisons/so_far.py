"""Today's two lines of what the diary says so far, of what was used last."""

from datetime import datetime

from django.template.loader import render_to_string

from apps.comparisons.answer_rows import Row, rows
from apps.comparisons.reading.bounds import conditions_of
from apps.comparisons.reading.drawn import drawn_once
from apps.comparisons.reading.results import comparison_of
from apps.conditions.models import Condition
from apps.diary.self_tests.sealing import elsewhere


def so_far(user, page) -> str:
    """``page`` is Today's, whose treatments stand with the latest used first. One query where
    nothing has changed, else five and those that keep what was found; one more where there are
    several conditions.

    Nothing of what Today looks back on: that card has said it.
    """
    condition = page.treatments and _latest_condition(user, page.conditions)
    if not condition:
        return ""
    said = next((treatment.pk for treatment in page.to_review), None)

    def draw():
        row = latest_row(user, condition, page.treatments, page.self_tests, at=page.at)
        is_told = row and row.treatment.pk != said and _tells(row)
        shown = {"row": row if is_told else None}
        return {"so_far": render_to_string("comparisons/answers/_so_far.html", shown)}

    return drawn_once(user, condition, f"so far {said or ''}", draw, at=page.at)["so_far"]


def _latest_condition(user, conditions: list[Condition]) -> Condition | None:
    """The one last written about; whoever has one need not be asked which."""
    return next(iter(conditions_of(user) if len(conditions) > 1 else conditions), None)


def _tells(row: Row) -> bool:
    """Whether there is more to say than that it cannot be known."""
    large, _small = row.over["on_today"] if row.over else ("", "")
    return bool(row.finding or large)


def latest_row(user, condition: Condition, treatments, running, *, at: datetime) -> Row | None:
    """Nothing of what a running self-test asks about, here or where a file came from."""
    tested = [each for each in running if each.condition_id == condition.pk]
    tested += elsewhere(user, condition)
    comparison = comparison_of(user, condition)
    asked = _up_to_one_compared(treatments, {finding.treatment for finding in comparison}, tested)
    found = rows(user, condition, comparison, tested, at=at, only=asked)
    by_key = {row.treatment.pk: row for row in found if not row.self_test}
    return next((by_key[each.pk] for each in treatments if each.pk in by_key), None)


def _up_to_one_compared(treatments, names: set[str], tested) -> list[int]:
    """The keys of those that may be the first with a row: one that is compared has one."""
    sealed = [each.pk for asked in tested for each in asked.treatments]
    asked = []
    for own in treatments:
        asked.append(own.pk)
        if own.name in names and own.pk not in sealed:
            break
    return asked
