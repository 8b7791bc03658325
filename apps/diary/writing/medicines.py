"""Painkillers by name: the person's own list, made of what they have typed. Names, no doses."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, Func
from django.utils.translation import gettext_lazy as _

from apps.diary.models import CheckIn
from apps.diary.models.check_in import LONGEST_MEDICINE, MOST_MEDICINES
from apps.users.typed.names import as_seen

LOOKED_AT = 200  # names of the latest check-ins
MOST_OFFERED = 12


def own_medicines(user) -> dict[str, str]:
    """Those named lately, each as it was last spelt, by how it is seen. One query."""
    named = CheckIn.objects.for_user(user).exclude(medicines=[]).order_by("-diary_date", "-id")
    each = named.annotate(name=Func(F("medicines"), function="unnest"))
    found: dict[str, str] = {}
    for name in each.values_list("name", flat=True)[:LOOKED_AT]:
        found.setdefault(as_seen(name), name)
    return dict(sorted(list(found.items())[:MOST_OFFERED]))


class MedicinesForm(forms.Form):
    """The part of a check-in's form that asks which painkillers it was."""

    medicines = forms.MultipleChoiceField(
        label=_("Which painkillers"), required=False, widget=forms.CheckboxSelectMultiple
    )
    other_medicines = forms.CharField(
        label=_("Others, by name"),
        required=False,
        max_length=500,
        help_text=_("With a comma between them. The names are enough, without a dose."),
    )

    def offer_medicines(self, user, named: list[str]) -> None:
        """One's own list, and what the entry names already. The short form of Today asks none."""
        is_asked = not self.is_bound or "other_medicines" in self.data
        own = own_medicines(user) if is_asked else {}
        self.own = own | {as_seen(name): name for name in named}
        self.fields["medicines"].choices = [(name, name) for name in self.own.values()]
        if not self.own:
            self.fields["other_medicines"].label = self.fields["medicines"].label

    def clean_other_medicines(self) -> list[str]:
        """As they were spelt before, where they are known."""
        typed = [name.strip() for name in re.split("[,;]", self.cleaned_data["other_medicines"])]
        if any(len(name) > LONGEST_MEDICINE for name in typed):
            raise ValidationError(_("A name has up to 60 characters."), code="long")
        return [self.own.get(as_seen(name), name) for name in typed if name]

    def clean(self):
        """All names together are ``medicines``; whoever names one has taken painkillers."""
        cleaned = super().clean()
        chosen = [*cleaned.get("medicines", ()), *cleaned.get("other_medicines", ())]
        names = list({as_seen(name): name for name in chosen}.values())
        if len(names) > MOST_MEDICINES:
            self.add_error("other_medicines", _("Up to 8 names fit here."))
        cleaned["medicines"] = names[:MOST_MEDICINES]
        if names and cleaned.get("painkillers") is None:
            cleaned["painkillers"] = True
        return cleaned
