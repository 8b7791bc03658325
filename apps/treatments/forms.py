from crispy_forms.bootstrap import PrependedText
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from apps.treatments.catalogue import KindFacts, facts_of, is_one_off, kinds_by_name
from apps.treatments.models import Kind, Setting, Treatment, TreatmentPeriod, Weekday
from apps.users.lists.retiring import has_entries
from apps.users.models import Currency
from apps.users.owned_form import DayInput, NamedForm, OwnedModelForm, not_in_the_future
from apps.users.typed.numbers import TypedAmount, TypedWholeNumber

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


def with_symbol(name: str, user) -> PrependedText:
    return PrependedText(name, Currency(user.currency).symbol)


class TreatmentForm(NamedForm):
    """A treatment; what is expected of it can be said only until its first session.

    It asks what fits its kind: nothing of sessions where something is done once, and a day of
    the week where it is an appointment.
    """

    class Meta:
        model = Treatment
        fields = [
            "name",
            "kind",
            "setting",
            "weekday",
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
        self.fields["weekday"].choices = said_weekdays()
        for name in self._left_out():
            del self.fields[name]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = self._layout()

    def _left_out(self) -> list[str]:
        facts = facts_of(self.instance)
        left_out = ["expectation"] if has_entries(self.instance) else []
        if facts.is_one_off:
            left_out += ["minutes", "rate_again_after_minutes", *COSTS]
        if not may_be_weekly(self.instance, facts):
            left_out.append("weekday")
        return left_out

    def _layout(self):
        templates = {
            "setting": lambda name: Field(name, template="_partials/choice_field.html"),
            **dict.fromkeys(COSTS, lambda name: with_symbol(name, self.instance.user)),
            **dict.fromkeys(RATINGS, lambda name: Field(name, template="_partials/nrs_field.html")),
        }
        return Layout(*(templates.get(name, str)(name) for name in self.fields))


def said_weekdays() -> list[tuple]:
    return [("", _("not said")), *Weekday.choices]


def may_be_weekly(treatment: Treatment, facts: KindFacts) -> bool:
    """What is an appointment, or may be one under a name of one's own."""
    is_appointment = Setting.APPOINTMENT in (treatment.setting, facts.setting)
    return (is_appointment or facts.kind == Kind.OTHER) and not facts.is_one_off


class TreatmentPeriodForm(OwnedModelForm):
    class Meta:
        model = TreatmentPeriod
        fields = ["started_on", "ended_on", "why_stopped"]
        widgets = {"started_on": DayInput, "ended_on": DayInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in {"started_on", "ended_on"} & self.fields.keys():
            self.fields[name].validators.append(not_in_the_future)
        self.helper = FormHelper()
        self.helper.form_tag = False


class OneOffForm(TreatmentPeriodForm):
    """What is done once, as an injection is: on which day, where, and for how much."""

    class Meta(TreatmentPeriodForm.Meta):
        fields = ["started_on", "place", "cost"]
        field_classes = {"cost": TypedAmount}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["started_on"].label = _("On which day did you have it?")
        self.fields["cost"].error_messages |= COST_ERRORS
        user = self.instance.user
        self.helper.layout = Layout("started_on", "place", with_symbol("cost", user))

    def _post_clean(self):
        self.instance.ended_on = self.cleaned_data.get("started_on")
        super()._post_clean()


def period_form_of(treatment: Treatment) -> type[TreatmentPeriodForm]:
    return OneOffForm if is_one_off(treatment) else TreatmentPeriodForm
