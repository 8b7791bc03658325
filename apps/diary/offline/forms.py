"""The forms of the page for use without a connection. The page is the same for everybody, so
they know nobody; what they hold goes to the forms of the other pages once it can be sent.
"""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from apps.conditions.models import Side
from apps.diary.entries.layout import rating, short_buttons
from apps.diary.models import CheckIn, TreatmentSession


class OfflineCheckInForm(forms.ModelForm):
    side = forms.ChoiceField(
        label=_("Side"), choices=Side, required=False, widget=forms.RadioSelect
    )

    class Meta:
        model = CheckIn
        fields = ["leg_pain", "back_pain", "side"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True  # a token would be somebody's; sending asks for a fresh one
        self.helper.layout = Layout(rating("leg_pain"), rating("back_pain"), short_buttons("side"))


class OfflineSessionForm(forms.ModelForm):
    """The two ratings of a session, each tapped on a form of its own; a tick beside the second."""

    class Meta:
        model = TreatmentSession
        fields = ["pain_before", "pain_after", "had_something_else"]
