"""Signs that need urgent care, ticked."""

from crispy_forms.layout import Layout
from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.conditions.models import Side
from apps.diary.entries.form import EntryForm
from apps.diary.entries.layout import buttons_alone
from apps.diary.models import CheckIn, RedFlag
from apps.diary.red_flags.flags import is_first_of_both


def red_flags_field(**kwargs) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Has any of this begun?"),
        help_text=_("Any one of these needs urgent care. Tick it, and we show whom to call."),
        choices=RedFlag,
        widget=forms.CheckboxSelectMultiple,
        **kwargs,
    )


class WatchedForm(EntryForm):
    """An entry's form that asks whether both legs are new, where it has just said so."""

    def leads_to(self, entry):
        is_said = "side" in self.cleaned_data and (self.is_new or "side" in self.changed_data)
        if is_said and entry.side == Side.BOTH and is_first_of_both(entry):
            return reverse("diary:both_legs", args=[entry.condition_id])
        return None


class RedFlagForm(WatchedForm):
    """A check-in that says only what has begun."""

    moment_field = "rated_at"
    rated_then = ("leg_pain", "back_pain")
    red_flags = red_flags_field(
        error_messages={
            "required": _("Tick what has begun. If nothing has, there is nothing to save.")
        }
    )

    class Meta:
        model = CheckIn
        fields = ["red_flags"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.flags_before = list(self.instance.red_flags)

    def layout(self):
        return Layout("client_id", "condition", buttons_alone("red_flags"))

    def comes_first(self, entry):
        if set(entry.red_flags) - set(self.flags_before):
            return reverse("diary:red_flags_ticked", args=[entry.pk])
        return None

    def _post_clean(self):
        super()._post_clean()
        self.instance.keep_when_ticked(before=self.flags_before, at=self.typed_at)
