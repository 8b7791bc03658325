"""Today's two lines of what the diary says so far, of what was used last."""

from datetime import datetime

from django import template

from apps.comparisons.answer_rows import Row, rows
from apps.comparisons.reading.bounds import conditions_of
from apps.comparisons.reading.results import comparison_of

register = template.Library()


@register.inclusion_tag("comparisons/answers/_so_far.html")
def what_the_diary_says(user, page):
    """``page`` is Today's, whose treatments stand with the latest used first. Six queries."""
    return {"row": latest_row(user, page.treatments, page.self_tests, at=page.at)}


def latest_row(user, treatments, running, *, at: datetime) -> Row | None:
    """Of the condition written about last; none of what a running self-test asks about."""
    conditions = conditions_of(user) if treatments else []
    if not conditions:
        return None
    condition = conditions[0]
    tested = next((each for each in running if each.condition_id == condition.pk), None)
    found = rows(user, condition, comparison_of(user, condition), tested, at=at)
    by_key = {row.treatment.pk: row for row in found if not row.self_test}
    return next((by_key[each.pk] for each in treatments if each.pk in by_key), None)
