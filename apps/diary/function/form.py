"""Activities of one's own, and how well they go."""

from datetime import timedelta

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from apps.conditions.models import Condition
from apps.conditions.nrs import NrsFormField
from apps.diary.entries.form import KEPT_AT_MOST, first_condition, violated
from apps.diary.entries.layout import rating, short_buttons
from apps.diary.function.activities import activities_of, free_place
from apps.diary.function.duties import conditions_asked, said_last
from apps.diary.models import FUNCTION_ANCHORS, Activity, Duties
from apps.users.owned_form import NamedForm

TYPED_LONG_AGO = _("This was typed over two weeks ago. Rate how it goes now.")
FULL = _("Three activities are enough for one condition. Archive one of them first.")


class ActivityForm(NamedForm):
    """One of up to three activities of a condition; which condition stays as it was made."""

    class Meta:
        model = Activity
        fields = ["condition", "name"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        self.conditions = list(Condition.objects.for_user(user).current())
        self.fields["condition"] = forms.TypedChoiceField(
            label=_("Condition"),
            coerce=int,
            choices=[(condition.pk, condition.name) for condition in self.conditions],
        )
        if self.instance.pk or len(self.conditions) <= 1:
            del self.fields["condition"]
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_condition(self):
        chosen = self.cleaned_data["condition"]
        return next(condition for condition in self.conditions if condition.pk == chosen)

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk is None and not self.errors:
            only = next(iter(self.conditions), None)
            chosen = cleaned.get("condition") or only or first_condition(self.instance.user)
            self.instance.condition = chosen
            self.instance.place = free_place(self.instance.condition)
            if self.instance.place is None:
                raise ValidationError(FULL, code="full")
        return cleaned

    def _stored(self) -> bool:
        """Two tabs may take the last place at once; the database then refuses the second."""
        try:
            return super()._stored()
        except IntegrityError as error:
            if violated(error) != "activity_has_a_place_of_its_own":
                raise
            self.add_error(None, FULL)
            return False


class FunctionForm(forms.Form):
    """How well each current activity goes. Nothing is preset; what is left out stays missing.

    ``typed_ago`` as in EntryForm: the ratings are of ``typed_at``, when the device kept them.
    """

    typed_ago = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, user, at, **kwargs):
        super().__init__(*args, **kwargs)
        self.at = self.typed_at = at
        self.activities = {f"activity_{each.pk}": each for each in activities_of(user)}
        self.conditions = {f"duties_{each.pk}": each for each in conditions_asked(user)}
        several = len(self.conditions) > 1
        for name, each in self.activities.items():
            label = f"{each.name} ({each.condition.name})" if several else each.name
            self.fields[name] = NrsFormField(label=label, anchors=FUNCTION_ANCHORS, required=False)
        self.helper = FormHelper()
        self.helper.form_tag = False
        for name, each in self.conditions.items():
            label = _("Work or usual duties")
            self.fields[name] = forms.ChoiceField(
                label=f"{label} ({each.name})" if several else label,
                choices=Duties,
                required=False,
                widget=forms.RadioSelect,
                help_text=said_last(each),
            )
        self.helper.layout = Layout(
            *map(rating, self.activities), *map(short_buttons, self.conditions)
        )

    def clean(self):
        cleaned = super().clean()
        ago = timedelta(seconds=cleaned.get("typed_ago") or 0)
        if ago > KEPT_AT_MOST:
            raise ValidationError(TYPED_LONG_AGO, code="typed_long_ago")
        self.typed_at = self.at - ago
        if not self.errors and not self.ratings() and not self.duties():
            raise ValidationError(
                _("Answer at least one of them, or skip this week."), code="empty"
            )
        return cleaned

    def duties(self) -> dict[Condition, str]:
        given = {name: self.cleaned_data.get(name) for name in self.conditions}
        return {self.conditions[name]: value for name, value in given.items() if value}

    def ratings(self) -> dict[Activity, int]:
        given = {name: self.cleaned_data.get(name) for name in self.activities}
        return {self.activities[name]: value for name, value in given.items() if value is not None}
