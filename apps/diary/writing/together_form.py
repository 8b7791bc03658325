"""One treatment, or one wait, for several complaints at once: a rating of each, before and after.

It is stored as a session of each complaint, so that each is compared with its own waits; what
they share is ``together``. The coin is not tossed for it: one toss would speak for two
comparisons. While a self-test of the treatment runs it is not offered, as its draw is of one
complaint.
"""

import uuid
from copy import copy

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.conditions.models import Condition, Side
from apps.conditions.nrs import NrsFormField
from apps.diary.entries.layout import Folded, buttons, rating, short_buttons
from apps.diary.models import TreatmentSession
from apps.diary.self_tests import plan as self_tests
from apps.diary.writing.session_form import FinishForm, SessionForm

FEWEST = 2


class TogetherForm(SessionForm):
    """Start now, for each complaint that is rated here."""

    condition = None

    class Meta(SessionForm.Meta):
        fields = ["minutes", "position"]

    def __init__(self, *args, user, **kwargs):
        own = Condition.objects.for_user(user).current()
        self.complaints = list(own)
        super().__init__(*args, user=user, **kwargs)

    def _offer_treatments(self, treatments):
        """Beside them, a rating and a side for each complaint."""
        super()._offer_treatments(treatments)
        for condition in self.complaints:
            label = _("%(condition)s: pain now") % {"condition": condition.name}
            self.fields[f"pain_{condition.pk}"] = NrsFormField(label=label, required=False)
            if condition.usual_side in Side.values:
                self.initial[f"side_{condition.pk}"] = condition.usual_side
            self.fields[f"side_{condition.pk}"] = forms.ChoiceField(
                label=_("Side (%(condition)s)") % {"condition": condition.name},
                choices=Side,
                required=False,
                widget=forms.RadioSelect,
            )

    def layout(self):
        asked = []
        for condition in self.complaints:
            asked += [rating(f"pain_{condition.pk}"), short_buttons(f"side_{condition.pk}")]
        folded = Folded(buttons("did"), "minutes", short_buttons("position"))
        return Layout("client_id", *asked, folded)

    def rated(self) -> list[tuple]:
        """Each complaint that was rated, with its pain and its side."""
        said = self.cleaned_data
        return [
            (condition, said[f"pain_{condition.pk}"], said.get(f"side_{condition.pk}", ""))
            for condition in self.complaints
            if said.get(f"pain_{condition.pk}") is not None
        ]

    def clean(self):
        cleaned = super().clean()
        if not self.errors and len(self.rated()) < FEWEST:
            message = _("Rate two complaints here, or start it for one alone.")
            raise ValidationError(message, code="one_alone")
        return cleaned

    def create(self):
        with transaction.atomic():
            running = self_tests.running(self.user, self.cleaned_data["did"])
            if any(not each.is_by_days for each in running):
                message = _("A self-test of this is running. Start it for one complaint alone.")
                self.add_error(None, ValidationError(message, code="in_self_test"))
                return None
            return super().create()

    def _store(self):
        """A session of each; the first has the id that was sent, the others ids made of it."""
        base = self.instance
        base.together = base.client_id
        for condition, pain, side in self.rated():
            self.instance = copy(base)
            self.instance.condition, self.instance.side = condition, side
            self.instance.pain_before = pain
            super()._store()
            self.instance.end_open_waits(at=self.typed_at)
            base.client_id = uuid.uuid5(base.together, str(condition.pk))
        self.instance = TreatmentSession.objects.for_user(self.user).get(client_id=base.together)

    def repeats(self, entry) -> bool:
        stored = TreatmentSession.objects.for_user(self.user).filter(together=entry.client_id)
        said = {(condition.pk, pain, side) for condition, pain, side in self.rated()}
        rated = set(stored.values_list("condition", "pain_before", "side"))
        return rated == said and super().repeats(entry)

    def leads_to(self, entry):
        return None if self.was_kept else reverse("diary:session_running", args=[entry.pk])

    def chosen(self):
        """The treatments that are named on the page; none is wait and see."""
        return [
            self.treatments[pk] for pk in map(str, self["did"].value()) if pk in self.treatments
        ]


class FinishTogetherForm(FinishForm):
    """Rate again for each complaint: on one page, saved together. One may be left out."""

    def __init__(self, *args, instance, **kwargs):
        self.others = list(instance.others().unrated().select_related("condition"))
        super().__init__(*args, instance=instance, **kwargs)

    def _offer_treatments(self, treatments):
        names = {"pain_after": self.instance.condition.name}
        for other in self.others:
            self.fields[f"pain_after_{other.pk}"] = NrsFormField(required=False)
            names[f"pain_after_{other.pk}"] = other.condition.name
        for name, condition in names.items():
            self.fields[name].label = _("%(condition)s: pain now") % {"condition": condition}

    def layout(self):
        folded = FinishForm.layout(self)
        asked = [rating("pain_after"), *(rating(f"pain_after_{other.pk}") for other in self.others)]
        return Layout("client_id", "version", *asked, *folded[2:3], folded[-1])

    def _store(self):
        super()._store()
        for other in self.others:
            pain = self.cleaned_data[f"pain_after_{other.pk}"]
            if pain is not None:
                self._rate(other, pain)

    def _rate(self, other, pain):
        for name in ("had_something_else", "minutes", "position"):
            setattr(other, name, getattr(self.instance, name))
        other.pain_after, other.is_closed_unrated = pain, False
        other.after_rated_at = self.instance.after_rated_at
        other.after_entered_at = self.instance.after_entered_at
        other.version += 1
        other.save()
