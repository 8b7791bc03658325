from decimal import Decimal

from django import template
from django.utils.formats import get_format, number_format

from apps.users.models import Currency

register = template.Library()


@register.filter
def money(amount, currency):
    """24.9, "GBP" becomes £24.90; letters keep a space: CHF 24.90. Empty stays empty.

    In German the symbol comes last: 24,90 £.
    """
    if amount is None:
        return ""
    symbol = Currency(currency).symbol
    number = number_format(Decimal(f"{amount:.2f}"), decimal_pos=2, force_grouping=True)
    if not get_format("CURRENCY_IS_FIRST"):
        return f"{number}\N{NO-BREAK SPACE}{symbol}"
    space = "\N{NO-BREAK SPACE}" if symbol.isalpha() else ""
    return f"{symbol}{space}{number}"
