"""What was agreed, typed on one screen: in the room, or afterwards from the printed box."""

from datetime import date

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.core.validators import MinValueValidator
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from apps.conditions.models import Condition
from apps.diary.entries.form import first_condition, violated
from apps.diary.models import Agreement, Exercise
from apps.treatments.catalogue import is_one_off, kinds_by_name, treatment_of_kind
from apps.treatments.models import Kind, Treatment
from apps.users.owned_form import DayInput, OwnedModelForm, not_in_the_future
from apps.users.typed.names import as_seen
from apps.users.typed.numbers import TypedWholeNumber
from apps.users.typed.years import FIRST_DAY

MOST_EXERCISES = 12
OWN, NEW = "own", "new"
MADE_ALREADY = _("Something about it was agreed on this day already. Change that instead.")


class AgreementForm(OwnedModelForm):
    """One agreement. ``what`` is a treatment of one's own, or a kind that is new to one.

    Which treatment and which condition it is about stay as they were made.
    """

    what = forms.ChoiceField(label=_("What"))
    name = forms.CharField(
        label=_("What you call it"),
        max_length=80,
        required=False,
        help_text=_("Left empty, it is called as in the catalogue."),
    )
    review_on = Treatment._meta.get_field("review_on").formfield(
        help_text="",
        widget=DayInput,
        validators=[
            MinValueValidator(
                date.fromisoformat(FIRST_DAY), _("The review date must be in 1900 or later.")
            )
        ],
    )

    class Meta:
        model = Agreement
        fields = ["condition", "times", "per", "until_on", "agreed_on", "agreed_with"]
        widgets = {"until_on": DayInput, "agreed_on": DayInput}
        field_classes = {"times": TypedWholeNumber}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        self.is_new = self.instance.pk is None
        self.fields["agreed_on"].validators.append(not_in_the_future)
        if self.is_new:
            self._offer_conditions(user)
            self._offer_treatments(user)
        else:
            for name in ("condition", "what", "name"):
                del self.fields[name]
            self.initial["review_on"] = self.instance.treatment.review_on
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = self._layout()

    def _layout(self):
        asked = [name for name in ("condition", "what") if name in self.fields]
        name = [Div("name", css_class="agreed-name")] if "name" in self.fields else []
        pairs = ("times", "per"), ("until_on", "review_on"), ("agreed_with", "agreed_on")
        return Layout(*asked, *name, *(Div(*pair, css_class="agreed-pair") for pair in pairs))

    def _offer_conditions(self, user):
        self.conditions = {each.pk: each for each in Condition.objects.for_user(user).current()}
        self.fields["condition"] = forms.TypedChoiceField(
            label=_("Condition"),
            coerce=int,
            choices=[(each.pk, each.name) for each in self.conditions.values()],
        )
        if len(self.conditions) <= 1:
            del self.fields["condition"]

    def _offer_treatments(self, user):
        found = Treatment.objects.for_user(user).current()
        self.own = {f"{OWN}:{each.pk}": each for each in found if not is_one_off(each)}
        self.taken = {as_seen(each.name): each for each in Treatment.objects.for_user(user)}
        own = sorted(self.own.items(), key=lambda item: item[1].name.casefold())
        new = [(f"{NEW}:{each.kind}", each.name) for each in kinds_by_name() if not each.is_one_off]
        self.fields["what"].choices = [
            ("", _("treatment or exercise")),
            (_("Yours"), [(value, each.name) for value, each in own]),
            (_("New"), new),
        ]

    def clean(self):
        cleaned = super().clean()
        if self.is_new and cleaned.get("what"):
            self.treatment = self.own.get(cleaned["what"]) or self._new_treatment(cleaned)
        return cleaned

    def _new_treatment(self, cleaned) -> Treatment | None:
        kind = Kind(cleaned["what"].removeprefix(f"{NEW}:"))
        treatment = treatment_of_kind(self.instance.user, kind)
        treatment.name = cleaned.get("name") or ("" if kind == Kind.OTHER else str(treatment.name))
        if not treatment.name:
            self.add_error("name", _("Give it a name."))
        elif as_seen(treatment.name) in self.taken:
            message = _("You already have “%(name)s”. Choose it under “Yours”.")
            self.add_error("name", message % {"name": treatment.name})
        return treatment

    def save(self, commit=True):
        if self.is_new:
            chosen = self.cleaned_data.get("condition")
            only = next(iter(self.conditions.values()), None)
            self.instance.condition = (
                self.conditions.get(chosen) or only or first_condition(self.instance.user)
            )
            if self.treatment.pk is None:
                self.treatment.save()
            self.instance.treatment = self.treatment
        self._keep_review()
        return super().save(commit)

    def _keep_review(self):
        treatment = self.instance.treatment
        if self.cleaned_data["review_on"] != treatment.review_on:
            treatment.review_on = self.cleaned_data["review_on"]
            treatment.save(update_fields=["review_on"])

    def save_with(self, exercises) -> bool:
        """All of the page, or nothing of it."""
        if not all([self.is_valid(), exercises.is_valid()]):
            return False
        try:
            with transaction.atomic():
                exercises.instance = self.save()
                exercises.save()
        except IntegrityError as error:
            if violated(error) != "agreement_once_a_day":
                raise
            self.add_error("agreed_on", MADE_ALREADY)
            return False
        return True


class ExerciseForm(OwnedModelForm):
    class Meta:
        model = Exercise
        fields = ["name", "repetitions", "how"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.render_hidden_fields = True
        self.helper.layout = Layout(
            "id", Div("name", "repetitions", css_class="agreed-pair"), "how"
        )


class ExerciseFormSet(forms.BaseInlineFormSet):
    """The exercises of one agreement: those there are, and empty rows for more."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        # Django looks the id up among everybody's rows, and passes over a foreign one in silence.
        own = Exercise.objects.filter(pk__in=[each.pk for each in self.get_queryset()])
        form.fields["id"].queryset = own
        if form.instance.pk:
            form.fields["DELETE"].label = _("Remove this exercise")
            form.helper.layout.append("DELETE")


EXERCISES = forms.inlineformset_factory(
    Agreement,
    Exercise,
    form=ExerciseForm,
    formset=ExerciseFormSet,
    extra=4,
    max_num=MOST_EXERCISES,
    validate_max=True,
    can_delete_extra=False,
)


def exercises_of(agreement: Agreement, data=None):
    """The rows of exercises on the page on which an agreement is made or changed."""
    return EXERCISES(
        data,
        instance=agreement,
        prefix="exercises",
        form_kwargs={"user": agreement.user},
        error_messages={
            "too_many_forms": _("Up to 12 exercises fit here."),
            "missing_management_form": _("The page did not arrive whole. Please send it again."),
        },
    )
