from django import template

from apps.users.models import Currency

register = template.Library()


@register.filter
def money(amount, currency):
    """24.9, "GBP" becomes £24.90; letters keep a space: CHF 24.90. Empty stays empty."""
    if amount is None:
        return ""
    symbol = Currency(currency).symbol
    space = "\N{NO-BREAK SPACE}" if symbol.isalpha() else ""
    return f"{symbol}{space}{amount:,.2f}"
