"""Asking where it hurts: one or two places as chips, or in the person's own words."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from apps.conditions.models import LONGEST_PLACE
from apps.conditions.places import MOST_PLACES, Place, Places, code_of, in_order
from apps.conditions.ratings import rated_in


class PlacesForm(forms.Form):
    """``before`` has the places as they were; nothing chosen leaves them so, but of another
    complaint: a shoulder must not become a leg by leaving something out.

    A rating keeps the scale on which it was given. So a place that was rated can be called
    something else, once that is confirmed, but it cannot be taken away.
    """

    places = forms.MultipleChoiceField(
        label=_lazy("Where do you rate it?"),
        choices=Place,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_lazy("One place or two: each gets its own numbers. Mostly leg and back."),
    )
    own_places = forms.CharField(
        label=_lazy("Somewhere else, in your words"),
        required=False,
        max_length=2 * LONGEST_PLACE + 2,
        help_text=_lazy("For example: jaw. Two with a comma between them."),
    )
    is_renamed = forms.BooleanField(
        label=_lazy("Call what I have rated so far by the new words"), required=False
    )

    before, stored = Places.of(), None
    is_told_to_rename = is_another = False

    def begin_with_places(self, condition):
        """Show those of a condition that is there already; the first begins with leg and back."""
        self.before, self.stored = condition.places, condition if condition.pk else None
        own = type(condition).objects.for_user(condition.user)
        self.is_another = self.stored is None and own.exists()
        if self.is_another:
            return
        codes = [place.code for place in self.before]
        self.initial["places"] = [code for code in codes if code in Place.values]
        own = [code for code in codes if code not in Place.values]
        self.initial["own_places"] = ", ".join(own)

    def clean_own_places(self):
        words = [code_of(word) for word in self.cleaned_data["own_places"].split(",")]
        if any(len(word) > LONGEST_PLACE for word in words):
            message = _("Up to %(most)s letters for a place.")
            raise ValidationError(message % {"most": LONGEST_PLACE}, code="too_long")
        return [word for word in words if word]

    def clean(self):
        cleaned = super().clean()
        chosen = [*self.cleaned_data.get("places", []), *self.cleaned_data.get("own_places", [])]
        if len(set(chosen)) > MOST_PLACES:
            message = _("Choose one place or two. A third can be a condition of its own.")
            self.add_error("places", ValidationError(message, code="too_many"))
        if self.is_another and not (chosen or self.errors):
            message = _("Say where you rate it: one place or two.")
            self.add_error("places", ValidationError(message, code="required"))
        self.after = in_order(self.before, chosen) if chosen else self.before
        if not self.errors and self.after != self.before:
            self._check_rated()
        return cleaned

    def _check_rated(self):
        """What was rated so far must keep its numbers, and a new word be meant."""
        counts = rated_in(self.stored) if self.stored else {}
        renamed = []
        for scale, place in self.before.by_scale.items():
            now = self.after.by_scale.get(scale)
            if not counts.get(scale) or now == place:
                continue
            params = {"place": place.name, "n": counts[scale], "now": now and now.name}
            if now is None:
                message = _("You have rated %(place)s here (%(n)s times): it stays.")
                self.add_error("places", ValidationError(message % params, code="rated"))
            else:
                renamed.append(_("%(place)s (rated %(n)s times) becomes %(now)s") % params)
        if renamed and not self.errors and not self.cleaned_data.get("is_renamed"):
            self._ask_whether_renamed(", ".join(renamed))

    def _ask_whether_renamed(self, what):
        self.is_told_to_rename = True
        message = _(
            "What you rated so far gets the new words: %(what)s. Tick that below if it was meant "
            "all along. For another pain, add a condition of its own."
        )
        self.add_error("places", ValidationError(message % {"what": what}, code="renamed"))
