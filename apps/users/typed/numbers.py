"""Numbers as people type them: 24.90 and 24,90 are the same, and what has two meanings is refused.

``<input type="number">`` takes ``24,90`` for 2490 where the browser's language has commas for
thousands. So these are text fields with a keyboard for numbers, read here.
"""

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

ONE_SEPARATOR = re.compile(r"(\d*)[.,](\d*)")
WITH_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d{1,3}(?:\.\d{3})+(?:,\d*)?")
TWO_MEANINGS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
SIGNS = "$£€"


def as_written(text: str) -> str:
    """The number with a point for its decimals, as Python reads it; other text as it is.

    Raises ValidationError for what could mean two numbers: 1,234 is one and a bit, or over a
    thousand.
    """
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).strip(SIGNS)
    if TWO_MEANINGS.fullmatch(plain):
        whole, part = re.split("[.,]", plain)
        message = _("Is that %(large)s or %(small)s? Write it without the mark between.")
        params = {"large": whole + part, "small": f"{whole}.{part[:2]}"}
        raise ValidationError(message, params=params, code="two_meanings")
    if match := ONE_SEPARATOR.fullmatch(plain):
        return ".".join(match.groups())
    if WITH_THOUSANDS.fullmatch(plain):
        return _without_thousands(plain)
    return plain


def _without_thousands(plain):
    last = max(plain.rfind(","), plain.rfind("."))
    if plain.count(plain[last]) > 1:
        return re.sub("[.,]", "", plain)
    return re.sub("[.,]", "", plain[:last]) + "." + plain[last + 1 :]


class _Typed:
    def to_python(self, value):
        return super().to_python(as_written(value) if isinstance(value, str) else value)

    def widget_attrs(self, widget):
        return {}


class TypedWholeNumber(_Typed, forms.IntegerField):
    """Refuses 12,5 and 1:30 where ``<input type="number">`` would have made 125 and 130 of them."""

    widget = forms.TextInput(attrs={"inputmode": "numeric"})


class TypedAmount(_Typed, forms.DecimalField):
    """An amount of money, with a point or a comma."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})
