"""The form in which a link is made."""

from datetime import date, timedelta

import psycopg.errors
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout
from django import forms
from django.db import IntegrityError
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.comparisons.reading.bounds import bounds_of, with_ends
from apps.conditions.models import Condition
from apps.diary.entries.last_condition import last_condition
from apps.sharing.links.expiry import LONGEST, USUAL_DAYS
from apps.sharing.links.keys import Keys
from apps.sharing.models import MOST_LIVE, Section, ShareLink
from apps.users.owned_form import DayInput, OwnedModelForm, not_in_the_future
from apps.users.typed.numbers import TypedWholeNumber
from apps.users.typed.years import FIRST_YEAR

NOT_THE_LETTERS = _("These are not the letters, or their ten minutes are over. Ask for new ones.")
NOT_THE_DIGITS = _("These are not the digits. After ten wrong ones the address ends.")
USUALLY_SHARED = [Section.SUMMARY, Section.CHARTS, Section.SESSIONS, Section.CHECK_INS]
CHOICE = "_partials/choice_field.html"
MOVING, SINCE, FIXED = "moving", "since", "fixed"
A_YEAR = timedelta(days=366)


class ShareLinkForm(OwnedModelForm):
    """For whom, what, from when to when, until when. ``keys`` are made with the link."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    span = forms.ChoiceField(
        label=_("Which days"),
        choices=[
            (MOVING, _("the last three months, up to the day it is opened")),
            (SINCE, _("since a day, such as the first visit, up to the day it is opened")),
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
    is_sure = forms.BooleanField(label=_("These days are as I mean them"), required=False)
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
        fields = ["for_whom", "whose", "language", "condition", "first_day", "last_day", "sections"]
        widgets = {"first_day": DayInput, "last_day": DayInput}

    def __init__(self, *args, at, **kwargs):
        super().__init__(*args, **kwargs)
        self.at = at
        self.is_repeated = False
        own = with_ends(Condition.objects.for_user(self.instance.user), self.instance.user)
        self.fields["condition"].queryset = own.order_by("-archived_at", "name")
        self.fields["condition"].empty_label = None
        self.fields["condition"].label = _("Condition")
        if not self.is_bound:
            self.initial["condition"] = last_condition(self.instance.user)
        self.initial |= {"client_id": self.instance.client_id, "sections": USUALLY_SHARED}
        if not self.instance.user.language:
            # Where only the browser says it, a reader's page cannot know it later.
            self.initial["language"] = get_language()
        for name in ("first_day", "last_day"):
            self.fields[name].validators.append(not_in_the_future)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "client_id",
            "for_whom",
            "language",
            "whose",
            "condition",
            Field("span", template=CHOICE),
            Div("first_day", "last_day", css_class="share-days"),
            *(["is_sure"] if "is_sure" in self.data else []),
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
        self._clean_days(cleaned)
        return cleaned

    def _clean_days(self, cleaned) -> None:
        """Those that the choice leaves open are none; doubtful ones are asked about once."""
        span = cleaned.get("span")
        open_ends = {MOVING: ("first_day", "last_day"), SINCE: ("last_day",)}.get(span, ())
        for name in ("first_day", "last_day"):
            if name in open_ends:
                cleaned[name] = None
                self.errors.pop(name, None)
            elif name not in self.errors and cleaned.get(name) is None:
                both, one = _("Give both days."), _("Give the day.")
                self.add_error(name, one if span == SINCE else both)
        if not self.errors and cleaned["first_day"] and not cleaned["is_sure"]:
            days = cleaned["first_day"], cleaned["last_day"]
            if doubt := doubt_about(cleaned["condition"], *days):
                self.helper.layout.fields.insert(-3, "is_sure")
                self.add_error("first_day", doubt)

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


def doubt_about(condition: Condition, first_day: date, last_day: date | None) -> str:
    """What is asked before a link to these days is made; empty where nothing seems mistyped.

    Days that no link can have are refused by their constraints, and not asked about.
    """
    if first_day.year < FIRST_YEAR or (last_day and last_day < first_day):
        return ""
    bounds = bounds_of(condition)
    if bounds is None:
        return _("The diary has no entry yet. Is that what you mean?")
    first, last = bounds
    words = {"first": date_format(first), "last": date_format(last)}
    if first_day > last or (last_day and last_day < first):
        text = _("No entry lies in these days: the diary goes from %(first)s to %(last)s.")
        return text % words
    if first_day < first - A_YEAR:
        text = _("Is the year right? The diary begins on %(first)s.")
        return text % words
    return ""


class OneSecretForm(forms.Form):
    """One field, typed by who was told what goes in. Whether it is right is for others to say."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def refuse(self):
        """In the words in which an empty field is refused, so that a wrong try learns no more."""
        if not self.errors:
            name, field = next(iter(self.fields.items()))
            self.add_error(name, field.error_messages["required"])


class CodeForm(OneSecretForm):
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

    @property
    def digits(self) -> str:
        return "".join(self.data.get("code", "").split())[:20]


class RoomForm(OneSecretForm):
    """The eight letters, typed in the room by who was shown them."""

    letters = forms.CharField(
        label=_("Eight letters"),
        max_length=40,
        error_messages={"required": NOT_THE_LETTERS, "max_length": NOT_THE_LETTERS},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "code-input",
            }
        ),
    )
