"""When devices are called, and what a browser hands over when it agrees."""

from crispy_forms.helper import FormHelper
from cryptography.hazmat.primitives.asymmetric import ec
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.diary.calls.endpoint import NotAllowedError, allowed
from apps.diary.calls.message import decoded
from apps.diary.models import CallPlan, PushSubscription
from apps.diary.reminders.form import ReminderForm

NOT_A_DEVICE = _("This browser named an address that we cannot call.")


class CallPlanForm(ReminderForm):
    class Meta(ReminderForm.Meta):
        model = CallPlan
        fields = [
            "for_sessions",
            "calls_again",
            "for_reviews",
            "is_daily",
            "for_self_tests",
            "daily_at",
        ]


class DeviceForm(forms.Form):
    """Filled in by a script from what ``subscribe()`` gave it (static/js/today/calls.js)."""

    endpoint = forms.CharField(max_length=PushSubscription._meta.get_field("endpoint").max_length)
    p256dh = forms.CharField(max_length=87)
    auth = forms.CharField(max_length=22)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        for field in self.fields.values():
            field.widget = forms.HiddenInput()

    def clean_endpoint(self):
        try:
            allowed(self.cleaned_data["endpoint"], settings.PUSH_HOSTS)
        except NotAllowedError:
            raise forms.ValidationError(NOT_A_DEVICE) from None
        return self.cleaned_data["endpoint"]

    def clean_p256dh(self):
        """A point on the curve: with anything else nothing could be encrypted."""
        try:
            point = decoded(self.cleaned_data["p256dh"])
            ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        except ValueError:
            raise forms.ValidationError(NOT_A_DEVICE) from None
        return self.cleaned_data["p256dh"]

    def clean_auth(self):
        try:
            is_secret = len(decoded(self.cleaned_data["auth"])) == 16
        except ValueError:
            is_secret = False
        if not is_secret:
            raise forms.ValidationError(NOT_A_DEVICE)
        return self.cleaned_data["auth"]
