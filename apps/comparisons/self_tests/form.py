"""What a person agrees to when a self-test begins."""

import uuid
from datetime import timedelta

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from apps.comparisons.engine.self_test import letters
from apps.conditions.models import Condition
from apps.diary.entries.layout import rating, short_buttons
from apps.diary.models import Moments, ReminderPlan, SelfTest
from apps.diary.models.self_test import DAYS_PER_MOMENT
from apps.diary.waiting.coin import may_be_put_off
from apps.treatments.models import Treatment

LONGEST = timedelta(days=3 * 366)
RUNNING_ALREADY = _("A self-test of this condition is running already. One at a time.")


class AgreeForm(forms.ModelForm):
    """The question, how many sessions, how sure, and until when."""

    remind = forms.BooleanField(
        label=_("Remind me once a day while it runs, if it had no session yet"),
        required=False,
        help_text=_("By mail or calendar, in neutral words. You choose when in Reminders."),
    )

    class Meta:
        model = SelfTest
        fields = ["condition", "other", "moments", "expectation", "ends_on", "may_end_early"]
        widgets = {
            "moments": forms.RadioSelect,
            "ends_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args, user, treatment, at, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.treatment, self.at = user, treatment, at
        self.today = at.astimezone(user.zone).date()
        self._offer_conditions()
        self._offer_others()
        self.fields["moments"].choices = Moments.choices
        self.fields["ends_on"].required = False
        self.fields["ends_on"].help_text = _("Left empty: three days for each session.")
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "condition",
            "other",
            short_buttons("moments"),
            rating("expectation"),
            "ends_on",
            Field("may_end_early"),
            Field("remind"),
        )

    def _offer_conditions(self):
        conditions = list(Condition.objects.for_user(self.user).current())
        self.fields["condition"].queryset = Condition.objects.for_user(self.user).current()
        self.fields["condition"].empty_label = None
        if len(conditions) == 1:
            self.fields["condition"].widget = forms.HiddenInput()
            self.initial["condition"] = conditions[0].pk

    def _offer_others(self):
        own = Treatment.objects.for_user(self.user).current().exclude(pk=self.treatment.pk)
        may = [treatment.pk for treatment in own if may_be_put_off(treatment)]
        self.fields["other"].queryset = own.filter(pk__in=may)
        self.fields["other"].empty_label = _("Waiting")
        self.fields["other"].required = False

    def clean_ends_on(self):
        """Left empty, three days a session; a day to come, within three years."""
        day = self.cleaned_data["ends_on"]
        if day is None:
            moments = self.cleaned_data.get("moments") or Moments.USUAL
            return self.today + timedelta(days=DAYS_PER_MOMENT * moments)
        if day <= self.today:
            raise ValidationError(_("Choose a day to come."), code="past")
        if day > self.today + LONGEST:
            raise ValidationError(_("Choose a day within three years."), code="too_late")
        return day

    def _post_clean(self):
        """Set what the form does not ask, before the model's constraints are checked."""
        test = self.instance
        test.user, test.treatment, test.started_at = self.user, self.treatment, self.at
        other = self.cleaned_data.get("other")
        arms = [self.treatment, *([other] if other else [])]
        test.minutes = max(each.rate_again_after_minutes for each in arms)
        test.seed = uuid.uuid4()
        test.order = letters(test.seed, self.cleaned_data.get("moments") or Moments.USUAL)
        super()._post_clean()

    def _keep_reminder(self):
        """Turned on where it is wanted; other reminders stay as they are."""
        if self.cleaned_data["remind"]:
            chosen = {"for_self_tests": True, "since": self.at, "unanswered": 0}
            ReminderPlan.objects.for_user(self.user).update_or_create(
                defaults=chosen, create_defaults={**chosen, "user": self.user}
            )

    def begin(self) -> SelfTest | None:
        """Store it; None where another one of this condition runs (see errors)."""
        own = SelfTest.objects.for_user(self.user).running()
        if not own.filter(condition=self.cleaned_data["condition"]).exists():
            try:
                with transaction.atomic():
                    self._keep_reminder()
                    return self.save()
            except IntegrityError:  # begun in another tab in this very moment
                pass
        self.add_error(None, ValidationError(RUNNING_ALREADY, code="running"))
        return None
