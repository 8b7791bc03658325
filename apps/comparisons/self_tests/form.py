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
from apps.comparisons.reading.bounds import latest_condition_of
from apps.conditions.models import Condition
from apps.diary.entries.layout import Folded, rating, short_buttons
from apps.diary.models import Moments, ReminderPlan, SelfTest, Unit
from apps.diary.models.self_test import DAYS_OF_A_TEST_BY_DAYS, DAYS_PER_MOMENT, MOMENTS_OF
from apps.diary.self_tests import days
from apps.diary.waiting.coin import may_be_put_off
from apps.treatments.catalogue import Lasts, facts_of
from apps.treatments.models import Treatment

LONGEST = timedelta(days=3 * 366)
RUNNING_ALREADY = _("A self-test of this condition is running already. One at a time.")
TESTED_ALREADY = _("Another self-test asks about the same. Two draws could contradict one another.")
UNITS_OF = {
    Lasts.A_SESSION: (Unit.SESSION,),
    Lasts.A_DAY: (Unit.DAY,),
    Lasts.EITHER: (Unit.SESSION, Unit.DAY),
}


def units_of(treatment: Treatment) -> tuple[Unit, ...]:
    """What a draw can decide of it; of some the person says, and the usual comes first."""
    return UNITS_OF[facts_of(treatment).lasts]


class AgreeForm(forms.ModelForm):
    """The question, how many sessions, how sure, and until when; days are always as many."""

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

    def __init__(self, *args, user, treatment, at, unit=Unit.SESSION, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.treatment, self.at, self.unit = user, treatment, at, unit
        self.today = at.astimezone(user.zone).date()
        self._offer_conditions()
        self._offer_others()
        self.fields["ends_on"].required = False
        self._offer_lengths()
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "condition",
            "other",
            *([] if self.is_by_days else [short_buttons("moments")]),
            rating("expectation"),
            Field("remind"),
            Folded("ends_on", Field("may_end_early")),
        )

    @property
    def is_by_days(self) -> bool:
        return self.unit == Unit.DAY

    def _offer_lengths(self):
        if self.is_by_days:
            del self.fields["moments"]
            self.fields["ends_on"].help_text = _("Left empty: 90 days from now.")
            self.fields["remind"].label = _("Remind me once a day while it runs")
            self.fields["remind"].help_text = _(
                "Of the first check-in, if you choose a time before 17:00 in Reminders; else of "
                "the evening's. By mail or calendar, in neutral words."
            )
            return
        self.fields["moments"].choices = [(n.value, n.label) for n in MOMENTS_OF[Unit.SESSION]]
        self.fields["ends_on"].help_text = _("Left empty: three days for each session.")

    def _offer_conditions(self):
        conditions = list(Condition.objects.for_user(self.user).current())
        self.fields["condition"].queryset = Condition.objects.for_user(self.user).current()
        self.fields["condition"].empty_label = None
        if len(conditions) == 1:
            self.fields["condition"].widget = forms.HiddenInput()
            self.initial["condition"] = conditions[0].pk
        elif not self.is_bound:
            self.initial["condition"] = latest_condition_of(self.treatment)

    def _offer_others(self):
        own = Treatment.objects.for_user(self.user).current().exclude(pk=self.treatment.pk)
        may = [each.pk for each in own if may_be_put_off(each) and self.unit in units_of(each)]
        self.fields["other"].queryset = own.filter(pk__in=may)
        self.fields["other"].empty_label = _("Days without it") if self.is_by_days else _("Waiting")
        self.fields["other"].required = False

    def clean_ends_on(self):
        """Left empty, three days a session, or 90; a day to come, within three years."""
        day = self.cleaned_data["ends_on"]
        if day is None:
            return self.today + timedelta(days=self._usual_days)
        if day <= self.today:
            raise ValidationError(_("Choose a day to come."), code="past")
        if day > self.today + LONGEST:
            raise ValidationError(_("Choose a day within three years."), code="too_late")
        return day

    @property
    def _moments(self) -> int:
        if self.is_by_days:
            return Moments.DAYS
        return self.cleaned_data.get("moments") or Moments.USUAL

    @property
    def _usual_days(self) -> int:
        return DAYS_OF_A_TEST_BY_DAYS if self.is_by_days else DAYS_PER_MOMENT * self._moments

    @property
    def _minutes(self) -> int:
        """Until it is rated again, the same for both arms; of days the least until the evening."""
        if self.is_by_days:
            return days.APART // timedelta(minutes=1)
        return max(each.rate_again_after_minutes for each in self._arms)

    @property
    def _arms(self) -> list[Treatment]:
        other = self.cleaned_data.get("other")
        return [self.treatment, *([other] if other else [])]

    def _post_clean(self):
        """Set what the form does not ask, before the model's constraints are checked."""
        test = self.instance
        test.user, test.treatment, test.started_at = self.user, self.treatment, self.at
        test.unit, test.minutes, test.seed = self.unit, self._minutes, uuid.uuid4()
        if self.is_by_days:
            test.moments = self._moments
        test.order = letters(test.seed, self._moments)
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
        if self._is_contradicted(own):
            self.add_error(None, ValidationError(TESTED_ALREADY, code="tested"))
            return None
        if not own.filter(condition=self.cleaned_data["condition"]).exists():
            try:
                with transaction.atomic():
                    self._keep_reminder()
                    return self.save()
            except IntegrityError:  # begun in another tab in this very moment
                pass
        self.add_error(None, ValidationError(RUNNING_ALREADY, code="running"))
        return None

    def _is_contradicted(self, running) -> bool:
        """By days and by sessions, or by days for two complaints: both draw for one treatment."""
        others = running.testing(self._arms).exclude(condition=self.cleaned_data["condition"])
        return (others if self.is_by_days else others.filter(unit=Unit.DAY)).exists()
