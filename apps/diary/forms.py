"""The forms of daily use. A pain value is never preset; what is left empty stays missing."""

import uuid

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from apps.conditions.models import Condition, Side
from apps.diary import waiting
from apps.diary.models import WAIT, CheckIn, Symptom, TreatmentSession, WaitPlan
from apps.diary.moments import ClockTimeField, clock_time, instant, refuse_future
from apps.treatments.models import Treatment

DEFAULT_CONDITION = "Sciatica"
LONG_TEXTS = {"note": forms.Textarea, "adverse_effect": forms.Textarea}


class StaleVersionError(Exception):
    """The entry was changed elsewhere after this form had been opened."""


class AlreadySentError(Exception):
    """An entry with this form's ``client_id`` is there already; it is the argument."""


def violated(error: IntegrityError) -> str:
    """The name of the constraint that the database says was violated."""
    return error.__cause__.diag.constraint_name or ""


def rating(name):
    return Field(name, template="_partials/nrs_field.html")


def buttons(name):
    return Field(name, template="_partials/choice_field.html")


def short_buttons(name):
    """For a few short words: side by side in one row."""
    return Field(name, template="_partials/choice_field.html", wrapper_class="side-buttons")


class Folded(Div):
    """Optional fields behind one line, so that the shortest entry stays short.

    It opens by itself where one of its fields was refused: an error must be seen.
    """

    template = "diary/_folded.html"
    summary = _("More, if you like")

    def render(self, form, context, **kwargs):
        names = {pointer.name for pointer in self.get_field_names()}
        self.is_open = not names.isdisjoint(form.errors)
        return super().render(form, context, **kwargs)


class EntryForm(forms.ModelForm):
    """What check-ins and sessions share: condition, side, when, the client's id and the version.

    ``client_id`` is made when the form opens, so that a repeated submit makes one entry;
    ``version`` is the one that the person was looking at. ``at`` is now.
    """

    moment_field: str
    rated_then: tuple[str, ...]
    condition = forms.TypedChoiceField(label=_("Condition"), coerce=int)
    client_id = forms.UUIDField(widget=forms.HiddenInput(attrs={"autocomplete": "off"}))
    version = forms.IntegerField(
        widget=forms.HiddenInput(attrs={"autocomplete": "off"}), required=False
    )

    def __init__(self, *args, user, at, conditions=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.at = user, at
        self.ratings = {name: getattr(self.instance, name) for name in self.rated_then}
        self.is_new = self.instance.pk is None
        self.zone = user.zone if self.is_new else self.instance.zone
        if self.is_new:
            self.instance.user = user
            self.initial["client_id"] = uuid.uuid4()
        else:
            self.initial |= {
                "client_id": self.instance.client_id,
                "version": self.instance.version,
                "condition": self.instance.condition_id,
            }
        self._offer_conditions(conditions)
        self._offer_side()
        self._offer_clock_time(self.moment_field, required=not self.is_new)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = self.layout()

    def layout(self):
        raise NotImplementedError

    def _offer_conditions(self, conditions):
        if "condition" not in self.fields:
            return
        if conditions is None:
            conditions = Condition.objects.for_user(self.user)
        self.conditions = {
            condition.pk: condition
            for condition in conditions
            if condition.archived_at is None or condition.pk == self.instance.condition_id
        }
        field = self.fields["condition"]
        field.choices = [(pk, condition.name) for pk, condition in self.conditions.items()]
        if len(self.conditions) <= 1:
            field.required = False
            field.widget = forms.HiddenInput()
        if self.conditions:
            self.initial.setdefault("condition", next(iter(self.conditions)))

    def _offer_side(self):
        if "side" in self.fields:
            self.fields["side"] = forms.ChoiceField(
                label=_("Side"), choices=Side, required=False, widget=forms.RadioSelect
            )

    def _offer_clock_time(self, name, *, required=False):
        if name not in self.fields:
            return
        label = self.fields[name].label
        self.fields[name] = ClockTimeField(label=label, required=required)
        if moment := getattr(self.instance, name):
            self.initial[name] = clock_time(moment, self.zone)

    def clean_condition(self):
        """The condition chosen; a person with none gets "Sciatica" with the first entry."""
        if not self.conditions:
            return None
        pk = self.cleaned_data["condition"] or next(iter(self.conditions))
        return self.conditions[pk]

    def _moment(self, name, *, not_before=None):
        """The instant typed into the field ``name``; untouched, it stays to the second."""
        typed = self.cleaned_data.get(name)
        before = getattr(self.instance, name)
        if typed is None or (before and typed == clock_time(before, self.zone)):
            return before if typed else None
        moment = instant(typed, self.zone, not_before=not_before)
        refuse_future(moment, at=self.at)
        return moment

    def _clean_moment(self, name, **limits):
        if name in self.errors:
            return
        try:
            self.cleaned_data[name] = self._moment(name, **limits)
        except ValidationError as refused:
            self.add_error(name, refused)

    def clean(self):
        if self.moment_field in self.fields:
            self._clean_moment(self.moment_field)
        return super().clean()

    def _post_clean(self):
        """Set what the form does not ask, before the model and its constraints are checked."""
        moment = self.cleaned_data.get(self.moment_field)
        if self.is_new and not moment and self.moment_field not in self.errors:
            moment = self.cleaned_data[self.moment_field] = self.at
        if moment and moment != getattr(self.instance, self.moment_field):
            setattr(self.instance, self.moment_field, moment)
            self.instance.diary_date = moment.astimezone(self.zone).date()
        if self.is_new:
            self.instance.time_zone = self.user.time_zone
            self.instance.entered_at = self.at
            self.instance.client_id = self.cleaned_data.get("client_id") or uuid.uuid4()
        super()._post_clean()
        if not self.is_new and self._has_changed(self.rated_then):
            self.instance.entered_at = self.at

    def _has_changed(self, names) -> bool:
        """Whether any of these ratings is another now: then it was typed now, not back then."""
        return any(getattr(self.instance, name) != self.ratings[name] for name in names)

    def _store(self):
        if "condition" in self.fields:
            self.instance.condition = self.cleaned_data["condition"] or self._first_condition()
        self.instance.save()

    def _first_condition(self):
        named, _created = Condition.objects.for_user(self.user).get_or_create(
            name=DEFAULT_CONDITION, defaults={"user": self.user}
        )
        return named

    def create(self):
        """Insert the entry and return it, or None where the database refused it (see errors).

        Raises AlreadySentError where this very form was saved before.
        """
        try:
            with transaction.atomic():
                self._store()
        except IntegrityError as error:
            if violated(error).endswith("_sent_once"):
                raise AlreadySentError(self._sent_before()) from error
            return self._refuse(error)
        return self.instance

    def change(self):
        """Store the change and return the entry, or None where the database refused it.

        Raises StaleVersionError where another change came first.
        """
        rows = self._meta.model.objects.for_user(self.user).select_for_update()
        try:
            with transaction.atomic():
                current = rows.get(pk=self.instance.pk)
                if current.version != self.cleaned_data["version"]:
                    raise StaleVersionError
                self.instance.version = current.version + 1
                self._store()
        except IntegrityError as error:
            return self._refuse(error)
        return self.instance

    def _sent_before(self):
        sent = self._meta.model.objects.for_user(self.user)
        return sent.get(client_id=self.instance.client_id)

    def _refuse(self, error):
        """Say the violated constraint's own words over the form."""
        names = {rule.name: rule for rule in self._meta.model._meta.constraints}
        rule = names.get(violated(error))
        if rule is None:
            raise error
        self.add_error(None, rule.get_violation_error_message())

    def repeats(self, entry) -> bool:
        """Whether this form says nothing but what ``entry`` holds already: a retried submit."""
        said = {name: self.cleaned_data[name] for name in self._meta.fields}
        if condition := self.cleaned_data.get("condition"):
            said["condition_id"] = condition.pk
        if self.moment_field not in self.changed_data:
            said.pop(self.moment_field, None)
        return all(getattr(entry, name) == value for name, value in said.items())

    def typed_again(self, **changes):
        """What was typed, with another ``client_id`` or ``version``, to be sent once more."""
        data = self.data.copy()
        data.update({name: str(value) for name, value in changes.items()})
        return data


class CheckInForm(EntryForm):
    """Everything that a check-in can say."""

    moment_field = "rated_at"
    rated_then = ("leg_pain", "back_pain")
    painkillers = forms.TypedChoiceField(
        label=_("Painkillers today"),
        choices=[("yes", _("yes")), ("no", _("no"))],
        coerce=lambda answer: answer == "yes",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    symptoms = forms.MultipleChoiceField(
        label=_("Symptoms"),
        choices=Symptom,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = CheckIn
        fields = [
            "leg_pain",
            "back_pain",
            "side",
            "rated_at",
            "furthest",
            "symptoms",
            "sleep",
            "stress",
            "energy",
            "headache",
            "muscle_tension",
            "painkillers",
            "adverse_effect",
            "note",
        ]
        widgets = {"furthest": forms.RadioSelect, **LONG_TEXTS}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["furthest"].choices = CheckIn.furthest.field.choices
        if not self.is_new and self.instance.painkillers is not None:
            self.initial["painkillers"] = "yes" if self.instance.painkillers else "no"

    def layout(self):
        return Layout(
            "client_id",
            "version",
            "condition",
            rating("leg_pain"),
            rating("back_pain"),
            short_buttons("side"),
            Folded(
                "rated_at",
                short_buttons("furthest"),
                buttons("symptoms"),
                short_buttons("painkillers"),
                *map(rating, ["sleep", "energy", "stress", "headache", "muscle_tension"]),
                Field("note", rows=3),
                Field("adverse_effect", rows=2),
            ),
        )

    def clean(self):
        cleaned = super().clean()
        said = [name for name in self.Meta.fields if name not in ("rated_at", "side")]
        if not self.errors and all(cleaned.get(name) in (None, "", []) for name in said):
            raise ValidationError(
                _("There is nothing to save yet. Rate your pain, or write a note."), code="empty"
            )
        return cleaned


class QuickCheckInForm(EntryForm):
    """The check-in of the page Today: two ratings and the side; more is one tap away."""

    moment_field = "rated_at"
    rated_then = ("leg_pain", "back_pain")

    class Meta:
        model = CheckIn
        fields = ["leg_pain", "back_pain", "side"]

    def layout(self):
        return Layout(
            "client_id",
            "condition",
            rating("leg_pain"),
            rating("back_pain"),
            short_buttons("side"),
        )


class SessionForm(EntryForm):
    """A session written down afterwards, or changed: everything that can be said of it."""

    moment_field = "started_at"
    rated_then = ("pain_before",)
    did = forms.MultipleChoiceField(
        label=_("What did you do?"), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = TreatmentSession
        fields = [
            "started_at",
            "side",
            "pain_before",
            "pain_after",
            "after_rated_at",
            "minutes",
            "position",
            "adverse_effect",
            "note",
        ]
        widgets = {"position": forms.RadioSelect, **LONG_TEXTS}

    def __init__(self, *args, treatments=None, **kwargs):
        super().__init__(*args, **kwargs)
        self._offer_treatments(treatments)
        if "position" in self.fields:
            self.fields["position"].choices = TreatmentSession.position.field.choices
        self._offer_clock_time("after_rated_at")

    def _offer_treatments(self, treatments):
        used = [] if self.is_new else [link.treatment_id for link in self.instance.links.all()]
        if treatments is None:
            treatments = Treatment.objects.for_user(self.user)
        self.treatments = {
            str(treatment.pk): treatment
            for treatment in treatments
            if treatment.archived_at is None or treatment.pk in used
        }
        self.fields["did"].choices = [
            *((pk, treatment.name) for pk, treatment in self.treatments.items()),
            (WAIT, _("Nothing: I waited")),
        ]
        if not self.is_new:
            self.initial["did"] = used or [WAIT]

    def layout(self):
        return Layout(
            "client_id",
            "version",
            "condition",
            buttons("did"),
            "started_at",
            rating("pain_before"),
            "after_rated_at",
            rating("pain_after"),
            short_buttons("side"),
            Folded(
                "minutes",
                short_buttons("position"),
                Field("adverse_effect", rows=2),
                Field("note", rows=3),
            ),
        )

    def start_with(self, treatments):
        """Preset what is done (the minutes of one too), or wait and see for none; never a pain."""
        self.initial["did"] = [treatment.pk for treatment in treatments] or [WAIT]
        if len(treatments) == 1:
            self.initial["minutes"] = treatments[0].minutes

    def clean_did(self):
        did = self.cleaned_data["did"]
        if not did:
            raise ValidationError(
                _("Say what you did, or choose “Nothing: I waited”."), code="required"
            )
        if WAIT in did and set(did) != {WAIT}:
            raise ValidationError(
                _("You cannot have waited and done something in the same session."), code="both"
            )
        return [self.treatments[pk] for pk in dict.fromkeys(did) if pk != WAIT]

    def clean(self):
        cleaned = super().clean()
        if "after_rated_at" in self.fields:
            started = cleaned.get("started_at") or self.instance.started_at or self.at
            self._clean_moment("after_rated_at", not_before=started)
        return cleaned

    def _post_clean(self):
        after_then = self.instance.pain_after
        super()._post_clean()
        has_after = self.instance.pain_after is not None
        if self.instance.pain_after != after_then:
            self.instance.after_entered_at = self.at if has_after else None
        self.instance.is_closed_unrated &= not has_after

    def repeats(self, entry) -> bool:
        did = {treatment.pk for treatment in self.cleaned_data.get("did", [])}
        return super().repeats(entry) and did == {link.treatment_id for link in entry.links.all()}

    def _store(self):
        if self.cleaned_data.get("did"):
            self.instance.asked_by_app = None  # only of waits; this one became something else
        super()._store()
        if "did" in self.cleaned_data:
            self.instance.link(self.cleaned_data["did"])


class StartForm(SessionForm):
    """Start now: the pain buttons are the submit buttons, so it takes two taps.

    Before it is stored the app may ask whether to wait first; the form then comes back with
    everything typed, an ``answer`` and the ``question`` that it answers.
    """

    answer = forms.ChoiceField(choices=waiting.Answer, required=False)
    question = forms.CharField(required=False)

    class Meta(SessionForm.Meta):
        fields = ["side", "pain_before", "minutes", "position"]

    def layout(self):
        return Layout(
            "client_id",
            "condition",
            short_buttons("side"),
            Folded(buttons("did"), "minutes", short_buttons("position")),
        )

    def clean(self):
        cleaned = super().clean()
        self.planned = cleaned.get("did", [])
        answer = cleaned.get("answer")
        if answer and not waiting.is_fresh(cleaned.get("question", ""), cleaned.get("client_id")):
            raise ValidationError(
                _("You rated your pain some time ago. Tap how it is now."), code="rated_long_ago"
            )
        if answer == waiting.Answer.WAIT:
            cleaned |= {"did": [], "minutes": None, "position": ""}
        return cleaned

    def create(self):
        """As for every entry; where the coin asks, WaitFirstError is raised and nothing stored."""
        waiting.keep_plan(self.user)
        answer = self.cleaned_data["answer"]
        waits = answer == waiting.Answer.WAIT
        with transaction.atomic():
            toss = waiting.toss(self.instance, self.planned, at=self.at)
            asks = toss is not None and toss.asks
            self.instance.asked_by_app = True if asks and waits else None
            session = super().create()
            if session and asks and not answer:
                raise waiting.WaitFirstError
            if session:
                session.end_open_waits(at=self.at)
            # A wait to which another tab's toss had led is the person's own by now.
            if session and toss and (asks or not waits):
                toss.resolve(session, self.planned, answer, at=self.at)
        return session

    def chosen(self):
        """The treatments that are named on the page, bound or not; none is wait and see."""
        return [
            self.treatments[pk] for pk in map(str, self["did"].value()) if pk in self.treatments
        ]

    def open_waits(self):
        """The waits that go on now: the rating that starts something else ends them."""
        waits = TreatmentSession.objects.for_user(self.user).going_on(at=self.at)
        return waits.select_related("condition").order_by("started_at", "id")

    def sent_along(self):
        """Name and value of everything that was typed, for the page that asks to wait first."""
        names = self.fields.keys() - {"answer", "question"}
        typed = [(name, value) for name in sorted(names) for value in self.data.getlist(name)]
        return [*typed, ("question", waiting.question_token(self.cleaned_data["client_id"]))]


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


class FinishForm(SessionForm):
    """Rate again now: the pain buttons are the submit buttons."""

    did = condition = None

    class Meta(SessionForm.Meta):
        fields = ["pain_after", "minutes", "position", "adverse_effect", "note"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["pain_after"].required = True

    def _offer_treatments(self, treatments):
        """What was done was said at the start."""

    def layout(self):
        return Layout(
            "client_id",
            "version",
            Folded(
                "minutes",
                short_buttons("position"),
                Field("adverse_effect", rows=2),
                Field("note", rows=3),
            ),
        )

    def _post_clean(self):
        if "pain_after" in self.cleaned_data:
            self.instance.after_rated_at = self.at
        super()._post_clean()
