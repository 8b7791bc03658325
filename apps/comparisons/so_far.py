"""Today's two lines of what the diary says so far, of what was used last."""

from datetime import datetime

from django.template.loader import render_to_string

from apps.comparisons.answer_rows import Row, rows
from apps.comparisons.reading.bounds import conditions_of
from apps.comparisons.reading.results import comparison_of


def so_far(user, page) -> str:
    """``page`` is Today's, whose treatments stand with the latest used first. Six queries.

    Nothing of what Today looks back on: that card has said it.
    """
    row = latest_row(user, page.treatments, page.self_tests, at=page.at)
    if row and row.treatment in page.to_review[:1]:
        row = None
    return render_to_string("comparisons/answers/_so_far.html", {"row": row})


def latest_row(user, treatments, running, *, at: datetime) -> Row | None:
    """Of the condition written about last; none of what a running self-test asks about."""
    conditions = conditions_of(user) if treatments else []
    if not conditions:
        return None
    condition = conditions[0]
    tested = next((each for each in running if each.condition_id == condition.pk), None)
    comparison = comparison_of(user, condition)
    asked = _up_to_one_compared(treatments, {finding.treatment for finding in comparison}, tested)
    found = rows(user, condition, comparison, tested, at=at, only=asked)
    by_key = {row.treatment.pk: row for row in found if not row.self_test}
    return next((by_key[each.pk] for each in treatments if each.pk in by_key), None)


def _up_to_one_compared(treatments, names: set[str], tested) -> list[int]:
    """The keys of those that may be the first with a row: one that is compared has one."""
    sealed = [each.pk for each in tested.treatments] if tested else []
    asked = []
    for own in treatments:
        asked.append(own.pk)
        if own.name in names and own.pk not in sealed:
            break
    return asked
