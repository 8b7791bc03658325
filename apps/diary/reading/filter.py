"""Which entries the diary shows, as it stands in the address."""

from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.conditions.models import Condition, Side
from apps.diary.models import WAIT
from apps.treatments.models import Treatment
from apps.users.typed.years import FIRST_YEAR


class DayField(forms.DateField):
    """A day from 1900 on."""

    default_error_messages = {"invalid": _("Write a day, for example 2026-03-10.")}

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, **kwargs):
        formats = ["%Y-%m-%d", "%d/%m/%Y"]
        super().__init__(required=False, input_formats=formats, **kwargs)

    def validate(self, value):
        super().validate(value)
        if value and value.year < FIRST_YEAR:
            raise forms.ValidationError(_("The day must be in 1900 or later."), code="too_early")


def refuse_reversed(form: forms.Form) -> None:
    """Say at "until" that it lies before "from", if it does."""
    first, last = form.cleaned_data.get("from"), form.cleaned_data.get("until")
    if first and last and first > last:
        form.add_error("until", _("“Until” lies before “from”."))


class MonthFilter(forms.Form):
    """Which entries a calendar shows; the address of the page says of which month."""

    condition = forms.TypedChoiceField(
        label=_("Condition"), coerce=int, empty_value=None, required=False
    )
    side = forms.ChoiceField(
        label=_("Side"), choices=[("", _("any")), *Side.choices], required=False
    )
    treatment = forms.ChoiceField(label=_("Treatment"), required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        conditions = Condition.objects.for_user(user).values_list("pk", "name")
        treatments = Treatment.objects.for_user(user).values_list("pk", "name")
        self.fields["condition"].choices = [("", _("any")), *conditions]
        self.fields["treatment"].choices = [("", _("any")), *treatments, (WAIT, _("wait and see"))]

    def is_narrowed(self) -> bool:
        return any(self.cleaned_data.values())


class DiaryFilter(MonthFilter):
    until = DayField(label=_("Until"))
    before = DayField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["from"] = DayField(label=_("From"))
        self.order_fields(["condition", "side", "treatment", "from", "until"])

    def clean(self):
        refuse_reversed(self)
        return super().clean()

    def limits(self) -> dict:
        """As ``page_of_days`` takes them."""
        names = {"from": "first_day", "until": "last_day"}
        return {names.get(name, name): value for name, value in self.cleaned_data.items()}

    def is_narrowed(self) -> bool:
        return any(value for name, value in self.cleaned_data.items() if name != "before")

    def link_to_older(self, before) -> str:
        chosen = {k: v for k, v in self.cleaned_data.items() if v and k != "before"}
        return link_to_older(before, **chosen)


def link_to_older(before, **chosen) -> str:
    """The address of the next page, with the same filters; empty where there is none."""
    return "?" + urlencode(chosen | {"before": before.isoformat()}) if before else ""
