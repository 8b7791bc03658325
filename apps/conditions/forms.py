from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from apps.conditions.models import Cause, CauseKind, Certainty, Condition, UsualSide
from apps.conditions.places_form import PlacesForm
from apps.users.owned_form import DayInput, NamedForm, OwnedModelForm, not_in_the_future

MOST_CAUSES = 20
CHOICE = "_partials/choice_field.html"
IN_OWN_WORDS = ("aggravates", "eases", "wants")


class ConditionForm(PlacesForm, NamedForm):
    class Meta:
        model = Condition
        fields = ["name", "usual_side", "since_on", "resolved_on", *IN_OWN_WORDS, "note"]
        widgets = {
            "usual_side": forms.RadioSelect,
            "since_on": DayInput,
            "resolved_on": DayInput,
            "note": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["usual_side"].choices = [("", _("not said")), *UsualSide.choices]
        for name in ("since_on", "resolved_on"):
            self.fields[name].validators.append(not_in_the_future)
        self.begin_with_places(self.instance)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "name",
            Field("places", template=CHOICE),
            "own_places",
            Field("is_renamed", template="conditions/_is_renamed.html"),
            Field("usual_side", template=CHOICE),
            "since_on",
            "resolved_on",
            *IN_OWN_WORDS,
            "note",
        )

    def _post_clean(self):
        self.instance.first_place, self.instance.second_place = self.after.stored
        super()._post_clean()


class CauseForm(OwnedModelForm):
    class Meta:
        model = Cause
        fields = ["kind", "description", "certainty", "diagnosed_by", "diagnosed_on"]
        widgets = {"certainty": forms.RadioSelect, "diagnosed_on": DayInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("choose a cause")), *CauseKind.choices]
        self.fields["certainty"].choices = Certainty.choices
        self.fields["diagnosed_on"].validators.append(not_in_the_future)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "id",
            "kind",
            "description",
            Field("certainty", template=CHOICE),
            Div("diagnosed_by", "diagnosed_on", css_class="stack"),
        )
        self.helper.render_hidden_fields = True


class CauseFormSet(forms.BaseInlineFormSet):
    """The causes of one condition: those there are, and two empty rows for more."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        # Django looks the id up among everybody's causes, and passes over a foreign one in silence.
        form.fields["id"].queryset = Cause.objects.filter(pk__in=self._own_ids())
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Remove this cause")
            form.helper.layout.append("DELETE")

    def _own_ids(self):
        return [cause.pk for cause in self.get_queryset()]


CAUSES = forms.inlineformset_factory(
    Condition,
    Cause,
    form=CauseForm,
    formset=CauseFormSet,
    extra=2,
    max_num=MOST_CAUSES,
    validate_max=True,
    can_delete_extra=False,
)


def causes_of(condition, data=None):
    """The causes' rows of the page on which a condition is made or changed."""
    return CAUSES(
        data,
        instance=condition,
        prefix="causes",
        form_kwargs={"user": condition.user},
        error_messages={
            "too_many_forms": _("Up to 20 causes fit here."),
            "missing_management_form": _("The page did not arrive whole. Please send it again."),
        },
    )
