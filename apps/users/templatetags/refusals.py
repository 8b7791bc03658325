"""What was refused on a page, found in one place for every form there is."""

from typing import NamedTuple

from django import template
from django.forms import BaseForm, BaseFormSet

register = template.Library()


LONGEST_LABEL = 40  # characters: a sentence to agree to does not name its field


class Refusal(NamedTuple):
    """One message; ``target`` is the id of the field to go to, empty where there is none."""

    message: str
    label: str = ""
    target: str = ""


@register.simple_tag(takes_context=True)
def refusals(context) -> list[Refusal]:
    """Every message of every form and formset that the page was given, in their own order."""
    given = {id(each): each for each in context.flatten().values()}
    return [refusal for each in given.values() for refusal in _of(each)]


def _of(thing):
    kind = type(thing)  # asking a lazy object (the token, the user) would make it
    if issubclass(kind, BaseForm):
        yield from _of_form(thing)
    elif issubclass(kind, BaseFormSet) and thing.is_bound:
        yield from map(Refusal, thing.non_form_errors())
        for form in thing.forms:
            yield from _of_form(form)


def _of_form(form):
    if not form.errors:
        return
    yield from map(Refusal, form.non_field_errors())
    for field in form:
        for message in form.errors.get(field.name, ()):
            yield Refusal(message) if field.is_hidden else _beside(field, message)


def _beside(field, message) -> Refusal:
    return Refusal(message, _before_its_message(str(field.label)), _target(field))


def _before_its_message(label) -> str:
    """With a colon, unless it asks already; a label that is a sentence to agree to is left out."""
    if len(label) > LONGEST_LABEL:
        return ""
    return label if label.endswith("?") else f"{label}:"


def _target(field) -> str:
    """The id of what can take the focus: of several buttons the first."""
    return f"{field.auto_id}_0" if field.use_fieldset else field.id_for_label
