from decimal import Decimal

import pytest

from apps.treatments.templatetags.money import money


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (Decimal("24.90"), "GBP", "£24.90"),
        (Decimal("24.9"), "AUD", "A$24.90"),
        (Decimal("1234.5"), "EUR", "€1,234.50"),
        (Decimal(0), "CHF", "CHF\N{NO-BREAK SPACE}0.00"),
        (None, "GBP", ""),
    ],
)
def test_money_names_the_currency_and_two_places(amount, currency, text):
    assert money(amount, currency) == text
