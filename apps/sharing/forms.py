"""The form in which a link is made."""

from datetime import timedelta

import psycopg.errors
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout
from django import forms
from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from apps.conditions.models import Condition
from apps.sharing.links.expiry import LONGEST, USUAL_DAYS
from apps.sharing.links.keys import Keys
from apps.sharing.models import MOST_LIVE, Section, ShareLink
from apps.users.owned_form import DayInput, OwnedModelForm, not_in_the_future
from apps.users.typed.numbers import TypedWholeNumber

NOT_THE_DIGITS = _("These are not the digits. After ten wrong ones the address ends.")
USUALLY_SHARED = [Section.SUMMARY, Section.CHARTS, Section.SESSIONS, Section.CHECK_INS]
CHOICE = "_partials/choice_field.html"
MOVING, FIXED = "moving", "fixed"


class ShareLinkForm(OwnedModelForm):
    """For whom, what, from when to when, until when. ``keys`` are made with the link."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    span = forms.ChoiceField(
        label=_("Which days"),
        choices=[
            (MOVING, _("the last three months, up to the day it is opened")),
            (FIXED, _("from one day to another")),
        ],
        initial=MOVING,
        widget=forms.RadioSelect,
    )
    sections = forms.MultipleChoiceField(
        label=_("What they see"),
        choices=Section,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one thing to show.")},
    )
    lasts_days = TypedWholeNumber(
        label=_("Ends by itself after"),
        initial=USUAL_DAYS,
        min_value=1,
        max_value=LONGEST.days,
        help_text=_("Days, up to 90. You can end it earlier at any time."),
    )
    with_code = forms.BooleanField(
        label=_("Ask for six digits as well"),
        required=False,
        help_text=_(
            "We make them up. Tell them on the phone: the address alone then opens nothing."
        ),
    )

    class Meta:
        model = ShareLink
        fields = ["for_whom", "condition", "first_day", "last_day", "sections"]
        widgets = {"first_day": DayInput, "last_day": DayInput}

    def __init__(self, *args, at, **kwargs):
        super().__init__(*args, **kwargs)
        self.at = at
        self.is_repeated = False
        own = Condition.objects.for_user(self.instance.user)
        self.fields["condition"].queryset = own.order_by("-archived_at", "name")
        self.fields["condition"].empty_label = None
        self.fields["condition"].label = _("Condition")
        self.initial |= {"client_id": self.instance.client_id, "sections": USUALLY_SHARED}
        for name in ("first_day", "last_day"):
            self.fields[name].validators.append(not_in_the_future)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "client_id",
            "for_whom",
            "condition",
            Field("span", template=CHOICE),
            Div("first_day", "last_day", css_class="share-days"),
            Field("sections", template=CHOICE),
            "lasts_days",
            "with_code",
        )

    def clean(self):
        cleaned = super().clean()
        live = ShareLink.objects.for_user(self.instance.user).live(at=self.at)
        if live.exclude(client_id=cleaned.get("client_id")).count() >= MOST_LIVE:
            message = _("You have %(n)s links. End one that nobody needs, then make another.")
            self.add_error(None, message % {"n": MOST_LIVE})
        if cleaned.get("span") == MOVING:
            cleaned["first_day"] = cleaned["last_day"] = None
        elif not {"first_day", "last_day"} & set(self.errors):
            for name in ("first_day", "last_day"):
                if cleaned.get(name) is None:
                    self.add_error(name, _("Give both days."))
        return cleaned

    def _post_clean(self):
        super()._post_clean()
        link, days = self.instance, self.cleaned_data.get("lasts_days", USUAL_DAYS)
        link.client_id = self.cleaned_data.get("client_id", link.client_id)
        link.created_at, link.expires_at = self.at, self.at + timedelta(days=days)

    def _stored(self) -> bool:
        """With all that protects it, in one row; a repeated form makes no second link."""
        self.keys = Keys.new(with_code=self.cleaned_data["with_code"])
        self.instance.secret_hash = self.keys.secret_hash
        self.instance.code_hash = self.keys.code_hash
        try:
            return super()._stored()
        except IntegrityError as error:
            if not isinstance(error.__cause__, psycopg.errors.UniqueViolation):
                raise
            self.is_repeated = True
            return False


class CodeForm(forms.Form):
    """The six digits, typed by who was told them. Whether they are right is the link's to say."""

    code = forms.CharField(
        label=_("Six digits"),
        max_length=20,
        error_messages={"required": NOT_THE_DIGITS, "max_length": NOT_THE_DIGITS},
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "class": "code-input",
            }
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    @property
    def digits(self) -> str:
        return "".join(self.data.get("code", "").split())[:20]

    def refuse(self):
        if not self.errors:
            self.add_error("code", NOT_THE_DIGITS)
