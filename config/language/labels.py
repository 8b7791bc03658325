"""Labels of choices, looked up once in each language: they stand in pages by the dozen."""

from functools import lru_cache

from django.db.models import Choices
from django.utils.translation import get_language


def label_of(choice: Choices) -> str:
    """As ``str(choice.label)``, in the language of now. Choices are the program's own words."""
    return _label(choice, get_language())


@lru_cache(maxsize=None, typed=True)  # "left" of one kind of choices equals that of another
def _label(choice, _language) -> str:
    return str(choice.label)
