"""How fields are laid out: ratings, big buttons, and what is folded away."""

from crispy_forms.layout import Div, Field
from django.utils.translation import gettext_lazy as _


def rating(name):
    return Field(name, template="_partials/nrs_field.html")


def buttons(name):
    return Field(name, template="_partials/choice_field.html")


def short_buttons(name):
    """For a few short words: side by side in one row."""
    return Field(name, template="_partials/choice_field.html", wrapper_class="side-buttons")


def in_one_row(name):
    """For yes and no: beside the question."""
    return Field(
        name, template="_partials/choice_field.html", wrapper_class="side-buttons in-one-row"
    )


def buttons_long_first(name):
    """For a sentence and a few short words: the sentence has a row to itself."""
    return Field(name, template="_partials/choice_field.html", wrapper_class="long-first")


class FieldWith(Field):
    """A field whose template is told more: by the names of ``said``."""

    def __init__(self, name, template, **said):
        super().__init__(name, template=template)
        self.said = said

    def render(self, form, context, **kwargs):
        return super().render(form, context, extra_context=self.said, **kwargs)


def buttons_alone(name):
    """The heading of the page asks already: the question is for screen readers."""
    return FieldWith(name, "_partials/choice_field.html", legend_class="visually-hidden")


def rating_that_sends(name, legend):
    """A rating whose eleven buttons send the form: what else counts stands above it."""
    return FieldWith(name, "diary/entries/_nrs_submit.html", legend=legend)


class PainkillerNames(Div):
    """Which painkillers, right below the question whether there were any.

    In sight (long_form.css) once the answer is yes, or where there is something to put right.
    """

    css_class = "painkiller-names"


class Folded(Div):
    """Optional fields behind one line, so that the shortest entry stays short.

    It opens by itself where one of its fields was refused: an error must be seen.
    """

    template = "diary/entries/_folded.html"
    summary = _("More, if you like")

    def render(self, form, context, **kwargs):
        names = {pointer.name for pointer in self.get_field_names()}
        self.is_open = not names.isdisjoint(form.errors)
        return super().render(form, context, **kwargs)
