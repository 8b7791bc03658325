"""When to be reminded by mail, and what the calendar may say."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from apps.diary.models import CalendarFeed, ReminderPlan


class ReminderForm(forms.ModelForm):
    """Which reminders, and when. Saving also turns quiet ones on again."""

    class Meta:
        model = ReminderPlan
        fields = ["for_sessions", "is_daily", "for_self_tests", "daily_at"]
        widgets = {"daily_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")}
        error_messages = {
            "daily_at": {
                "required": _("Write a time of day, for example 20:00."),
                "invalid": _("Write a time of day, for example 20:00."),
            }
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*self._meta.fields)

    def clean_daily_at(self):
        return self.cleaned_data["daily_at"].replace(second=0, microsecond=0)

    def store(self, *, at):
        """In one step, for a sender may be counting at the same moment."""
        user = self.instance.user
        fields = {**self.cleaned_data, "since": at, "unanswered": 0}
        type(self.instance).objects.for_user(user).update_or_create(
            defaults=fields, create_defaults={**fields, "user": user}
        )


class CalendarForm(forms.ModelForm):
    """Whether the calendar names treatments."""

    class Meta:
        model = CalendarFeed
        fields = ["names_treatments"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
