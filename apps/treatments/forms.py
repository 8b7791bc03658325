from crispy_forms.bootstrap import PrependedText
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from apps.treatments.catalogue import kinds_by_name
from apps.treatments.models import Treatment, TreatmentPeriod
from apps.users.models import Currency
from apps.users.owned_form import DayInput, NamedForm, OwnedModelForm, not_in_the_future
from apps.users.retiring import has_entries
from apps.users.typed_numbers import TypedAmount, TypedWholeNumber

COSTS = ("upfront_cost", "cost_per_session")
RATINGS = ("expectation", "pain_before_from_memory")
NOT_AN_AMOUNT = _("Give an amount such as 24.90.")
TOO_MUCH = _("Amounts go up to 9,999,999.99.")
COST_ERRORS = {
    "invalid": NOT_AN_AMOUNT,
    "max_decimal_places": NOT_AN_AMOUNT,
    "max_digits": TOO_MUCH,
    "max_whole_digits": TOO_MUCH,
}


class TreatmentForm(NamedForm):
    """A treatment; what is expected of it can be said only until its first session."""

    class Meta:
        model = Treatment
        fields = [
            "name",
            "kind",
            "setting",
            "is_prescribed",
            "minutes",
            "rate_again_after_minutes",
            "upfront_cost",
            "cost_per_session",
            "expectation",
            "pain_before_from_memory",
            "review_on",
        ]
        widgets = {"setting": forms.RadioSelect, "review_on": DayInput}
        field_classes = {
            **dict.fromkeys(COSTS, TypedAmount),
            **dict.fromkeys(("minutes", "rate_again_after_minutes"), TypedWholeNumber),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(facts.kind.value, facts.name) for facts in kinds_by_name()]
        for name in COSTS:
            self.fields[name].error_messages |= COST_ERRORS
        if has_entries(self.instance):
            del self.fields["expectation"]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = self._layout(Currency(self.instance.user.currency).symbol)

    def _layout(self, symbol):
        ratings = [name for name in RATINGS if name in self.fields]
        return Layout(
            "name",
            "kind",
            Field("setting", template="_partials/choice_field.html"),
            "is_prescribed",
            "minutes",
            "rate_again_after_minutes",
            *(PrependedText(name, symbol) for name in COSTS),
            *(Field(name, template="_partials/nrs_field.html") for name in ratings),
            "review_on",
        )


class TreatmentPeriodForm(OwnedModelForm):
    class Meta:
        model = TreatmentPeriod
        fields = ["started_on", "ended_on", "why_stopped"]
        widgets = {"started_on": DayInput, "ended_on": DayInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("started_on", "ended_on"):
            self.fields[name].validators.append(not_in_the_future)
        self.helper = FormHelper()
        self.helper.form_tag = False
