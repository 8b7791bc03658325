"""A filter's form drawn without a template is the one that crispy draws."""

import pytest
from crispy_forms.templatetags.crispy_forms_filters import as_crispy_form
from django.utils import translation

from apps.comparisons.filters import (
    CardFilters,
    ChartFilters,
    CompareFilters,
    FunctionFilters,
    TimelineFilters,
)
from apps.comparisons.templatetags.filter_form import filter_form
from tests.factories import ConditionFactory

REFUSED = [{"from": "yesterday"}, {"from": "2026-03-04", "until": "2026-03-01"}]


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(
    "given", [{}, {"range": "3m", "side": "left"}, {"from": "2026-03-01"}, *REFUSED]
)
def test_it_is_what_crispy_draws(alice, given, language):
    ConditionFactory(user=alice, name='Leg & "foot" <b>')
    ConditionFactory(user=alice, name="Arm")
    pages = [ChartFilters, CompareFilters, TimelineFilters, FunctionFilters]
    pages.append(lambda given, user: CardFilters(given, user=user, with_side=True))
    with translation.override(language):
        for page in pages:
            ours, theirs = filter_form(page(given, user=alice)), page(given, user=alice)
            assert ours == as_crispy_form(theirs)
            assert ("is-invalid" in ours) == (given in REFUSED)


def test_a_field_with_more_is_left_to_crispy(alice):
    forms = [ChartFilters({}, user=alice) for _each in range(2)]
    for form in forms:
        form.fields["until"].help_text = "Today or before"
    assert "Today or before" in filter_form(forms[0])
    assert filter_form(forms[0]) == as_crispy_form(forms[1])
