"""What people type for an amount or for minutes, and what is made of it."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from apps.users.typed.numbers import TypedAmount, TypedWholeNumber


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("24.90", "24.90"),
        ("24,90", "24.90"),
        ("24", "24"),
        ("£24.90", "24.90"),
        ("24,90 €", "24.90"),
        (",5", "0.5"),
        ("0,500", "0.500"),
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1 234,50", "1234.50"),
        ("1\u202f234,50", "1234.50"),
        ("1,234,567", "1234567"),
        ("２４，９０", "24.90"),
        ("0", "0"),
    ],
)
def test_amounts_are_read_with_comma_and_point(typed, amount):
    assert TypedAmount(max_digits=9).clean(typed) == Decimal(amount)


@pytest.mark.parametrize("typed", ["1,234", "1.234", "12.345", "999,000"])
def test_what_could_mean_two_amounts_is_refused(typed):
    with pytest.raises(ValidationError) as refused:
        TypedAmount(max_digits=9).clean(typed)
    assert refused.value.code == "two_meanings"


@pytest.mark.parametrize("typed", ["a", "1,2,3", "1..2", "12,34.56", "1:30", "--", ".", "24,9o"])
def test_what_is_no_amount_is_refused(typed):
    with pytest.raises(ValidationError):
        TypedAmount(max_digits=9).clean(typed)


@pytest.mark.parametrize(
    ("typed", "number"), [("90", 90), (" 90 ", 90), ("25.0", 25), ("25,0", 25)]
)
def test_whole_numbers_are_read(typed, number):
    assert TypedWholeNumber().clean(typed) == number


@pytest.mark.parametrize("typed", ["12,5", "12.5", "1:30", "1,000", "1.5 h", "ninety"])
def test_what_is_no_whole_number_is_refused(typed):
    with pytest.raises(ValidationError):
        TypedWholeNumber().clean(typed)


@pytest.mark.parametrize("field", [TypedAmount, TypedWholeNumber])
def test_the_field_is_text_with_a_keyboard_for_numbers(field):
    widget = field(min_value=1).widget
    assert (widget.input_type, widget.attrs["inputmode"] in ("decimal", "numeric")) == (
        "text",
        True,
    )
