"""How often to be asked to wait first."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms

from apps.diary.entries.layout import rating, short_buttons
from apps.diary.models import WaitPlan


class WaitPlanForm(forms.ModelForm):
    """How often to be asked to wait first, and up to which pain."""

    class Meta:
        model = WaitPlan
        fields = ["one_in", "pain_limit"]
        widgets = {"one_in": forms.RadioSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(short_buttons("one_in"), rating("pain_limit"))

    def store(self):
        """Only what was asked: the coin may have been tossed since the page was opened."""
        user = self.instance.user
        plans = WaitPlan.objects.for_user(user)
        plans.update_or_create(
            defaults=self.cleaned_data, create_defaults={**self.cleaned_data, "user": user}
        )
