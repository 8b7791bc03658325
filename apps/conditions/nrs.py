"""The numeric rating scale (NRS): whole numbers from 0 to 10 with words at both ends.

For pain 0 is the best value and it is data ("no pain"); a missing rating is ``None``, never 0.
No button is ever preset: a preset 5 writes fives that nobody felt.
"""

from django import forms
from django.db import models
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

LOWEST, HIGHEST = 0, 10
NUMBERS = range(LOWEST, HIGHEST + 1)
PAIN_ANCHORS = (_("no pain"), _("worst imaginable"))
NOT_A_RATING = _("Choose a whole number from 0 to 10.")


class NrsButtons(forms.RadioSelect):
    """Eleven buttons, none chosen unless a rating is given. Drawn in one go: they are many.

    ``shows_anchors`` is False where the template says the words at both ends itself.
    """

    shows_anchors = True

    def __init__(self, attrs=None, anchors=PAIN_ANCHORS):
        super().__init__(attrs)
        self.anchors = anchors

    def render(self, name, value, attrs=None, renderer=None):
        attrs = attrs or {}
        chosen = "" if value is None else str(value)
        base_id = attrs.get("id", f"id_{name}")
        described = attrs.get("aria-describedby")
        return format_html(
            '<div class="nrs" data-nrs>{}</div>{}',
            format_html_join(
                "",
                '<label class="nrs-button"><input type="radio" name="{}" value="{}" '
                'id="{}_{}" aria-label="{}"{}{}{}{}><span>{}</span></label>',
                (
                    (
                        name,
                        number,
                        base_id,
                        number,
                        self._spoken(number),
                        format_html(' aria-describedby="{}"', described) if described else "",
                        _mark('aria-invalid="true"', attrs.get("aria-invalid")),
                        _mark("required", attrs.get("required")),
                        _mark("checked", chosen == str(number)),
                        number,
                    )
                    for number in NUMBERS
                ),
            ),
            self._anchors(base_id) if self.shows_anchors else "",
        )

    def _anchors(self, base_id):
        return format_html(
            '<div class="nrs-anchors" id="{}_anchors" aria-hidden="true">'
            "<span>0: {}</span><span>10: {}</span></div>",
            base_id,
            *self.anchors,
        )

    def _spoken(self, number):
        ends = {LOWEST: self.anchors[0], HIGHEST: self.anchors[1]}
        return f"{number}: {ends[number]}" if number in ends else str(number)


def _mark(name, is_set):
    return format_html(" {}", name) if is_set else ""


class NrsFormField(forms.IntegerField):
    """Takes "0" to "10" or nothing; "6.5", "seven", 11 and −1 get the same sentence."""

    numbers = NUMBERS
    default_error_messages = {"invalid": NOT_A_RATING, "required": NOT_A_RATING}

    def __init__(self, *, anchors=PAIN_ANCHORS, **kwargs):
        kwargs["widget"] = NrsButtons(anchors=anchors)
        super().__init__(**kwargs)

    def to_python(self, value):
        number = super().to_python(value)
        if number is not None and not LOWEST <= number <= HIGHEST:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return number


class NrsField(models.SmallIntegerField):
    """A rating in NRS points, 0 to 10; null where it was not rated.

    ``anchors`` are the words at 0 and at 10. Add ``nrs_constraint`` for each such field
    to the model's constraints.
    """

    def __init__(self, *args, anchors=PAIN_ANCHORS, **kwargs):
        self.anchors = anchors
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs):
        return models.Field.formfield(
            self, **{"form_class": NrsFormField, "anchors": self.anchors, **kwargs}
        )


def nrs_constraint(model: str, field: str) -> models.CheckConstraint:
    """The database's own rule that a rating lies from 0 to 10."""
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__range": (LOWEST, HIGHEST)}),
        name=f"{model}_{field}_is_0_to_10",
        violation_error_message=NOT_A_RATING,
    )
