"""Signs that need urgent care, ticked."""

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from apps.diary.entries.form import EntryForm
from apps.diary.entries.layout import buttons_alone
from apps.diary.models import CheckIn, RedFlag


def red_flags_field(**kwargs) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Has any of this begun?"),
        help_text=_("Any one of these needs urgent care. Tick it, and we show whom to call."),
        choices=RedFlag,
        widget=forms.CheckboxSelectMultiple,
        **kwargs,
    )


class RedFlagForm(EntryForm):
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

    def _post_clean(self):
        super()._post_clean()
        self.instance.keep_when_ticked(before=self.flags_before, at=self.typed_at)
