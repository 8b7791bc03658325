from django import forms
from django.utils.translation import gettext_lazy as _

from apps.users.emergency_numbers import EmergencyNumber, emergency_number_in
from apps.users.models import User, time_zone_names


class TimeZoneInput(forms.TextInput):
    """A text field that offers the places of the world while one types."""

    template_name = "users/_time_zone_input.html"

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"].update(list="time-zones", autocomplete="off")
        context["time_zones"] = sorted(
            name
            for name in time_zone_names()
            if name == "UTC" or ("/" in name and not name.startswith(("Etc/", "US/")))
        )
        return context


class SettingsForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["language", "time_zone", "currency", "emergency_number"]
        widgets = {"time_zone": TimeZoneInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        number = emergency_number_in(self.instance.time_zone)
        by_zone = _("by my time zone: %(number)s") % {"number": number.value}
        self.fields["emergency_number"].choices = [("", by_zone), *EmergencyNumber.choices]


def consent_field() -> forms.BooleanField:
    """The tick without which nothing about anybody's health is stored. Never ticked before."""
    return forms.BooleanField(
        label=_("I agree that what I write about my health is stored here, for me"),
        error_messages={"required": _("Without this we may not store a diary for you.")},
    )


class ConsentForm(forms.Form):
    consent = consent_field()
