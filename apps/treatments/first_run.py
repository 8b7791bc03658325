"""The forms of the first questions: what hurts, what is used for it, and since when.

None of it is needed; what came before cannot be asked later with the same right.
"""

from datetime import date

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.validators import MinValueValidator
from django.db import transaction
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.conditions.models import Condition, UsualSide
from apps.conditions.places_form import PlacesForm
from apps.treatments.catalogue import facts_of, kinds_by_name, treatment_of_kind
from apps.treatments.forms import COST_ERRORS, may_be_weekly, said_weekdays, with_symbol
from apps.treatments.models import Kind, Setting, Treatment, TreatmentPeriod
from apps.users.owned_form import DayInput, OwnedModelForm, not_in_the_future
from apps.users.typed.names import as_seen
from apps.users.typed.numbers import TypedAmount
from apps.users.typed.years import FIRST_DAY


class FirstRunForm(PlacesForm):
    condition = forms.CharField(
        label=_("What is this diary about?"),
        max_length=Condition._meta.get_field("name").max_length,
        initial=_("Sciatica"),
        help_text=_("You can add more later."),
    )
    usual_side = forms.ChoiceField(
        label=_("Which side is it, usually?"),
        choices=UsualSide.choices,
        widget=forms.RadioSelect,
        required=False,
    )

    @transaction.atomic
    def save(self, user):
        """Sent twice, it still makes each condition once."""
        condition = self._condition(user)
        condition.usual_side = self.cleaned_data["usual_side"] or condition.usual_side
        condition.save()

    def _condition(self, user):
        """The person's own that looks so; else a new one."""
        name = self.cleaned_data["condition"]
        if known := Condition.called(user, name):
            return known
        first, second = self.after.stored
        places = {"first_place": first, "second_place": second}
        return Condition.objects.get_or_create(user=user, name=name, defaults=places)[0]


class UseForm(forms.Form):
    """The built-in kinds that are not among the person's treatments, and a name of one's own."""

    kinds = forms.MultipleChoiceField(
        label=_("What do you use for it?"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    own = forms.CharField(
        label=_("Something of your own"),
        max_length=Treatment._meta.get_field("name").max_length,
        required=False,
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.there = list(Treatment.objects.for_user(user))
        kinds = {treatment.kind for treatment in self.there}
        self.fields["kinds"].choices = [
            (facts.kind.value, facts.name)
            for facts in kinds_by_name()
            if facts.kind != Kind.OTHER and facts.kind not in kinds
        ]

    def save(self):
        """Sent twice, it still makes each treatment once."""
        chosen = [treatment_of_kind(self.user, kind) for kind in self.cleaned_data["kinds"]]
        if own := self.cleaned_data["own"]:
            chosen.append(treatment_of_kind(self.user, Kind.OTHER))
            chosen[-1].name = own
        names = {as_seen(treatment.name) for treatment in self.there}
        new = {as_seen(treatment.name): treatment for treatment in reversed(chosen)}
        Treatment.objects.bulk_create(
            [treatment for name, treatment in new.items() if name not in names],
            ignore_conflicts=True,
        )


class Since(TextChoices):
    NOT_YET = "not_yet", _("Not yet")
    THIS_WEEK = "this_week", _("Since this week")
    LONGER = "longer", _("For longer")


COSTS = ("upfront_cost", "cost_per_session", "cost")
ANSWERED_ALONE = (Since.NOT_YET, Since.THIS_WEEK)  # a day typed before that counts no more


class SinceForm(OwnedModelForm):
    """Since when a treatment is in use, and how bad the month before was, from memory."""

    since = forms.ChoiceField(
        label=_("Since when do you use it?"),
        choices=Since,
        widget=forms.RadioSelect,
        required=False,
    )
    started_on = forms.DateField(
        label=_("About which day?"),
        widget=DayInput,
        required=False,
        validators=[
            MinValueValidator(
                date.fromisoformat(FIRST_DAY), _("The first day must be in 1900 or later.")
            ),
            not_in_the_future,
        ],
        help_text=_("A day that is about right will do."),
    )
    place = TreatmentPeriod._meta.get_field("place").formfield()
    cost = TreatmentPeriod._meta.get_field("cost").formfield(form_class=TypedAmount, min_value=0)

    class Meta:
        model = Treatment
        fields = ["pain_before_from_memory", "weekday", "upfront_cost", "cost_per_session"]
        field_classes = dict.fromkeys(("upfront_cost", "cost_per_session"), TypedAmount)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["pain_before_from_memory"].help_text = _(
            "From memory. It is drawn as memory and never counted. Without it, “was it falling "
            "already?” can never be asked."
        )
        self._fit(facts_of(self.instance))
        self.helper = FormHelper()
        self.helper.form_tag = False
        costs = [with_symbol(name, self.instance.user) for name in COSTS if name in self.fields]
        asked = [name for name in ("place", "weekday") if name in self.fields]
        self.helper.layout = Layout(*asked, *costs)

    def _fit(self, facts):
        """Leave out what does not fit the kind; a price is asked where there is one."""
        self.is_one_off = facts.is_one_off
        is_asked = {
            "since": not facts.is_one_off,
            "place": facts.is_one_off,
            "weekday": may_be_weekly(self.instance, facts),
            "cost": facts.is_one_off,
            "upfront_cost": facts.is_bought or facts.kind == Kind.OTHER,
            "cost_per_session": facts.is_paid_per_session and not facts.is_one_off,
        }
        for name in [name for name, asked in is_asked.items() if not asked]:
            del self.fields[name]
        for name in self.fields.keys() & set(COSTS):
            self.fields[name].error_messages |= COST_ERRORS
        if "weekday" in self.fields:
            self.fields["weekday"].choices = said_weekdays()
        if facts.is_one_off:
            self.fields["started_on"].label = _("On which day did you have it?")

    def clean(self):
        cleaned = super().clean()
        since = cleaned.get("since")
        if since in ANSWERED_ALONE:
            self.errors.pop("started_on", None)
            cleaned["started_on"] = None if since == Since.NOT_YET else timezone.localdate()
        elif since == Since.LONGER and not cleaned.get("started_on") and not self.errors:
            self.add_error("started_on", _("Say about which day, or skip this question."))
        return cleaned

    def save(self, commit=True):
        if self.cleaned_data.get("weekday") is not None:
            self.instance.setting = Setting.APPOINTMENT
        treatment = super().save(commit)
        if started_on := self.cleaned_data["started_on"]:
            days = {"started_on": started_on, "ended_on": started_on if self.is_one_off else None}
            more = {name: self.cleaned_data[name] for name in ("place", "cost") if self.is_one_off}
            own = TreatmentPeriod.objects.for_user(treatment.user)
            own.get_or_create(treatment=treatment, **days, defaults={"user": treatment.user} | more)
        return treatment


def asked_about(user) -> list[Treatment]:
    """In use, by name, of which it is not known since when."""
    periods = TreatmentPeriod.objects.for_user(user).values("treatment")
    asked = Treatment.objects.for_user(user).current().exclude(pk__in=periods)
    return sorted(asked, key=_place)


def next_asked_about(user, after: Treatment | None) -> Treatment | None:
    """The one that follows ``after``, or the first; None after the last."""
    following = [each for each in asked_about(user) if not after or _place(each) > _place(after)]
    return next(iter(following), None)


def _place(treatment) -> tuple[str, int]:
    return treatment.name.casefold(), treatment.pk
