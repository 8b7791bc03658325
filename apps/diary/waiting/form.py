"""How often to be asked to wait first."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.diary.entries.layout import buttons_long_first, rating
from apps.diary.models import HowOften, WaitPlan
from apps.diary.waiting.how_often_it_asks import STAGES

ADAPTIVE = "adaptive"  # in forms: by the counts alone


def adaptive_words() -> str:
    words = gettext("At first every second time, until %(n)s waits are in; then less.")
    return words % {"n": STAGES[0][0]}


def how_often_field(**kwargs) -> forms.TypedChoiceField:
    """Cleaned: one in so many, 0 for never, None for by the counts alone."""
    return forms.TypedChoiceField(
        choices=lambda: [(ADAPTIVE, adaptive_words()), *HowOften.choices],
        coerce=lambda value: None if value == ADAPTIVE else int(value),
        **kwargs,
    )


class WaitPlanForm(forms.ModelForm):
    """How often to be asked to wait first, and up to which pain."""

    one_in = how_often_field(
        label=_("How often may we ask you to wait first?"),
        help_text=_(
            "A number is never exceeded. With a session a day, and waiting whenever the coin asks, "
            "often at first brings an answer in about ten weeks, 1 in 5 in about five months. With "
            "never, your diary has this answer only if you wait of your own accord."
        ),
        widget=forms.RadioSelect,
    )

    class Meta:
        model = WaitPlan
        fields = ["one_in", "pain_limit"]

    def __init__(self, *args, at, **kwargs):
        super().__init__(*args, **kwargs)
        self.at = at
        chosen = self.instance.chosen
        self.initial["one_in"] = ADAPTIVE if chosen is None else chosen
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(buttons_long_first("one_in"), rating("pain_limit"))

    def store(self):
        """Only what was asked: the coin may have been tossed since the page was opened."""
        user = self.instance.user
        typed = self.cleaned_data | {"chosen_at": self.at}
        plans = WaitPlan.objects.for_user(user)
        plans.update_or_create(defaults=typed, create_defaults={**typed, "user": user})
