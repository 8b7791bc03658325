"""The forms of a check-in: the short one of the page Today, and everything that can be said."""

from crispy_forms.layout import Field, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.conditions.nrs import PAIN_ANCHORS
from apps.conditions.places import SCALES
from apps.diary.entries.form import LONG_TEXTS, EntryForm
from apps.diary.entries.layout import (
    Folded,
    PainkillerNames,
    buttons,
    in_one_row,
    rating,
    short_buttons,
)
from apps.diary.models import CheckIn, Symptom
from apps.diary.red_flags.form import RedFlagForm, WatchedForm, red_flags_field
from apps.diary.self_tests.form import DrawsForTheDay
from apps.diary.writing.medicines import MedicinesForm


class SaysSomething(EntryForm):
    """A check-in with nothing in it is none."""

    def clean(self):
        cleaned = super().clean()
        said = [name for name in self._meta.fields if name not in ("rated_at", "side")]
        if not self.errors and all(cleaned.get(name) in (None, "", []) for name in said):
            raise ValidationError(
                _("There is nothing to save yet. Rate your pain, or write a note."), code="empty"
            )
        return cleaned


class CheckInForm(SaysSomething, DrawsForTheDay, MedicinesForm, RedFlagForm):
    """Everything that a check-in can say."""

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
    red_flags = red_flags_field(required=False)
    scales = SCALES

    class Meta:
        model = CheckIn
        fields = [
            *SCALES,
            "side",
            "rated_at",
            "furthest",
            "symptoms",
            "red_flags",
            "sleep",
            "stress",
            "energy",
            "headache",
            "muscle_tension",
            "painkillers",
            "medicines",
            "adverse_effect",
            "note",
        ]
        widgets = {"furthest": forms.RadioSelect, **LONG_TEXTS}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["furthest"].choices = CheckIn.furthest.field.choices
        if not self.is_new and self.instance.painkillers is not None:
            self.initial["painkillers"] = "yes" if self.instance.painkillers else "no"

    @property
    def is_earlier(self) -> bool:
        """A moment of the past is written down: it must be seen, else it is out of the way."""
        return bool(self.is_new and (self.data.get("rated_at") or "rated_at" in self.initial))

    @property
    def asks_how_far(self) -> bool:
        """How far down the leg it reaches; where that was said once, it can be changed."""
        return self.fits_the_leg or bool(self.instance.furthest)

    def layout(self):
        self.offer_medicines(self.user, self.instance.medicines)
        for name in self.scales[1:]:  # the words at the ends stand below the first
            self.fields[name].widget.shows_anchors = False
        seen, folded = (["rated_at"], []) if self.is_earlier else ([], ["rated_at"])
        return Layout(
            "client_id",
            "version",
            "condition",
            *seen,
            *map(rating, self.scales),
            short_buttons("side"),
            in_one_row("painkillers"),
            PainkillerNames(
                *([buttons("medicines")] if self.own else []),
                "other_medicines",
            ),
            Folded(
                *folded,
                *([short_buttons("furthest")] if self.asks_how_far else []),
                buttons("symptoms"),
                buttons("red_flags"),
                *map(rating, ["sleep", "energy", "stress", "headache", "muscle_tension"]),
                Field("note", rows=3),
                Field("adverse_effect", rows=2),
            ),
        )

    def clean_symptoms(self):
        chosen = self.cleaned_data["symptoms"]
        if Symptom.NONE in chosen and len(chosen) > 1:
            message = _("Choose either “none of these” or what there is.")
            raise ValidationError(message, code="both")
        return chosen


class QuickCheckInForm(EntryForm):
    """The check-in of the page Today: two ratings and the side; more is one tap away.

    The template says the words at both ends once for both scales, and which condition it is
    about beside them, where there are several.
    """

    anchors = PAIN_ANCHORS
    moment_field = "rated_at"
    rated_then = scales = SCALES

    class Meta:
        model = CheckIn
        fields = [*SCALES, "side"]

    @property
    def pains(self) -> list[forms.BoundField]:
        """As Today asks them: drawn by the page itself, as a layout takes twice as long."""
        return [self[name] for name in self.scales]

    def layout(self):
        """None, since Today draws it; with what is set here."""
        self.fields["condition"].widget.attrs["class"] = "form-select"
        for name in self.scales:
            self.fields[name].widget.shows_anchors = False


class SentQuickly(SaysSomething, DrawsForTheDay, WatchedForm, QuickCheckInForm):
    """What comes from Today, read: the other 15 questions are made only to ask them.

    Where it is not valid, or asks again, ``CheckInForm`` does, which has all that there is to say.
    """

    names = frozenset(
        {
            *("csrfmiddlewaretoken", "kept_for", "no_pain"),
            *("client_id", "version", "condition", "typed_ago", *SCALES, "side"),
        }
    )

    def asked_again(self, **changes):
        return CheckInForm(self.typed_again(**changes), user=self.user, at=self.at)
