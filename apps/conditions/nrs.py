"""The numeric rating scale (NRS): whole numbers from 0 to 10 with words at both ends.

For pain 0 is the best value and it is data ("no pain"); a missing rating is ``None``, never 0.
No button is ever preset: a preset 5 writes fives that nobody felt.
"""

from django import forms
from django.db import models
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
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
        described = attrs.get("aria-describedby")
        base_id = escape(attrs.get("id", f"id_{name}"))
        further = f' aria-describedby="{escape(described)}"' if described else ""
        further += ' aria-invalid="true"' if attrs.get("aria-invalid") else ""
        further += " required" if attrs.get("required") else ""
        named, chosen = f'name="{escape(name)}"', "" if value is None else str(value)
        buttons = "".join(
            f'<label class="nrs-button"><input type="radio" {named} value="{number}" '
            f'id="{base_id}_{number}" aria-label="{self._spoken(number)}"{further}'
            f"{' checked' if chosen == str(number) else ''}><span>{number}</span></label>"
            for number in NUMBERS
        )
        anchors = self._anchors(base_id) if self.shows_anchors else ""
        return SafeString(f'<div class="nrs" data-nrs>{buttons}</div>{anchors}')

    def _anchors(self, base_id):
        return format_html(
            '<div class="nrs-anchors" id="{}_anchors" aria-hidden="true">'
            "<span>0: {}</span><span>10: {}</span></div>",
            base_id,
            *self.anchors,
        )

    def _spoken(self, number):
        ends = {LOWEST: self.anchors[0], HIGHEST: self.anchors[1]}
        return f"{number}: {escape(ends[number])}" if number in ends else str(number)


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
