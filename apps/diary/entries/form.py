"""What the forms of check-ins and sessions share. A pain value is never preset; what is left
empty stays missing.
"""

import uuid
from datetime import timedelta
from functools import cache

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from apps.conditions.models import Condition, Side
from apps.conditions.places import USUAL, Places
from apps.diary.entries.last_condition import last_condition
from apps.diary.entries.moments import ClockTimeField, clock_time, instant, refuse_future
from apps.users.ownership import field_of
from apps.users.typed.clocks import place_of
from config.postgres.compiled import compiled

KEPT_AT_MOST = timedelta(days=14)
A_DAY, MOST_A_DAY = timedelta(days=1), 500
DEFAULT_CONDITION = _("Sciatica")
LONG_TEXTS = {"note": forms.Textarea, "adverse_effect": forms.Textarea}


def first_condition(user) -> Condition:
    """ "Sciatica", for a person who writes something down before saying what hurts."""
    name = str(DEFAULT_CONDITION)
    if named := Condition.called(user, name):
        return named
    return Condition.objects.for_user(user).get_or_create(name=name, defaults={"user": user})[0]


@compiled
def _conditions_of(*, user: int):
    return Condition.objects.for_user(user)


@cache
def _last_of_a_day(model) -> compiled:
    """When the entry was stored with which a day is full, of all that the person wrote."""

    @compiled
    def stored(*, user: int):
        rows = model.objects.for_user(user).order_by("-id")
        return rows.values_list("created_at", flat=True)[MOST_A_DAY - 1 : MOST_A_DAY]

    return stored


class StaleVersionError(Exception):
    """The entry was changed elsewhere after this form had been opened."""


class AlreadySentError(Exception):
    """An entry with this form's ``client_id`` is there already; it is the argument."""


def violated(error: IntegrityError) -> str:
    """The name of the constraint that the database says was violated."""
    return error.__cause__.diag.constraint_name or ""


class EntryForm(forms.ModelForm):
    """What check-ins and sessions share: condition, side, when, the client's id and the version.

    ``client_id`` is made when the form opens, so that a repeated submit makes one entry;
    ``version`` is the one that the person was looking at. ``at`` is now.

    ``typed_ago`` comes with an entry that a device kept while it had no connection: how many
    seconds ago it was typed, at most 14 days. It is a length and no moment, taken by one clock,
    so a device whose clock is wrong says it as well, and nothing can be typed in the future. The
    server cannot check it and need not: whoever wants to can type any moment into the form
    anyway. From then on ``typed_at`` is the moment of typing wherever "now" is meant: the
    moment of the rating unless another was typed, and what decides "from memory" and "late".
    """

    moment_field: str
    rated_then: tuple[str, ...]
    scales: tuple[str, ...] = ()  # ratings that are called by the places of the condition
    elsewhere: tuple[Condition, ...] = ()  # those rated in other places: on pages of their own
    fits_the_leg = True
    condition = forms.TypedChoiceField(label=_("Condition"), coerce=int)
    client_id = forms.UUIDField(widget=forms.HiddenInput(attrs={"autocomplete": "off"}))
    version = forms.IntegerField(
        widget=forms.HiddenInput(attrs={"autocomplete": "off"}), required=False
    )
    typed_ago = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, user, at, conditions=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.at, self.typed_at = user, at, at
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
            conditions = _conditions_of(user=self.user.pk)
        self.conditions = {
            condition.pk: condition
            for condition in conditions
            if condition.archived_at is None or condition.pk == self.instance.condition_id
        }
        if self.is_new and not self.is_bound and len(self.conditions) > 1:
            self._begin_with_the_last_condition()
        if self.scales:
            self._name_scales()
        field = self.fields["condition"]
        field.choices = [(pk, condition.name) for pk, condition in self.conditions.items()]
        if len(self.conditions) <= 1:
            field.required = False
            field.widget = forms.HiddenInput()
        elif self.is_new and self.data.get("typed_ago"):
            field.required = False  # the page for offline use knows none: it is the first
        if self.conditions:
            self.initial.setdefault("condition", next(iter(self.conditions)))

    def _begin_with_the_last_condition(self):
        """Where none is named."""
        if "condition" not in self.initial:
            last = last_condition(self.user)
            if last in self.conditions:
                self.initial["condition"] = last

    def _name_scales(self):
        """Ask in the words of one condition, and offer only those that are rated alike."""
        all_of_them = self.conditions
        places = self._places_said()
        self.conditions = {
            pk: condition for pk, condition in all_of_them.items() if condition.places == places
        }
        self.elsewhere = tuple(c for pk, c in all_of_them.items() if pk not in self.conditions)
        for scale in self.scales:
            if place := places.by_scale.get(scale):
                self.fields[scale].label = capfirst(place.pain)
                self.fields[scale].short_label = capfirst(place.name)
                self.fields[scale].is_named_above = place.code not in USUAL
            else:
                del self.fields[scale]
        self.scales = tuple(places.by_scale)
        self.fits_the_leg = places.is_from_the_back_down

    def _places_said(self) -> Places:
        """Of the condition that is sent, stored or named. Without one, as the first of them is
        rated; what is sent without one was asked of leg and back.
        """
        said = self.instance.condition_id or self.data.get("condition")
        said = said or self.initial.get("condition")
        for pk, condition in self.conditions.items():
            if str(pk) == str(said):
                return condition.places
        if self.is_bound or not self.conditions:
            return Places.of()
        return next(iter(self.conditions.values())).places

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
        self._name_the_clock(self.fields[name])
        if moment := getattr(self.instance, name):
            self.initial[name] = clock_time(moment, self.zone)

    def _name_the_clock(self, field):
        """A new time is typed by the diary's clock; one of before stays that of where it was."""
        if self.is_new:
            offset = int(self.at.astimezone(self.zone).utcoffset().total_seconds())
            field.widget.attrs |= {"data-utc-offset": offset, "data-clock": reverse("users:clock")}
        elif self.zone != self.user.zone:
            where = _("By the clock of %(place)s, where you wrote it.")
            field.help_text = where % {"place": place_of(self.zone.key)}

    def clean_client_id(self):
        """The one place that every new entry passes: nobody types hundreds in a day."""
        client_id = self.cleaned_data["client_id"]
        if self.is_new and self._wrote_too_many_before(client_id):
            message = _("You have written %(n)s entries in a day. Go on tomorrow, please.")
            raise ValidationError(message % {"n": MOST_A_DAY}, code="too_many")
        return client_id

    def _wrote_too_many_before(self, client_id):
        """By when they were stored: a forged day would count for nothing."""
        model = type(self.instance)
        if not any(at > self.at - A_DAY for at in _last_of_a_day(model)(user=self.user.pk)):
            return False  # nor without this very entry, where it was sent before
        own = model.objects.for_user(self.user).exclude(client_id=client_id)
        stored = own.order_by("-id").values_list("created_at", flat=True)
        return any(at > self.at - A_DAY for at in stored[MOST_A_DAY - 1 : MOST_A_DAY])

    def clean_condition(self):
        """The condition chosen; a person with none gets "Sciatica" with the first entry."""
        if not self.conditions:
            self._refuse_unnamed()
            return None
        pk = self.cleaned_data["condition"] or next(iter(self.conditions))
        return self.conditions[pk]

    def _refuse_unnamed(self):
        """There are conditions, but what was rated as leg and back is none of theirs."""
        if self.elsewhere:
            names = ", ".join(condition.name for condition in self.elsewhere)
            message = _("This rates leg and back. Rate this on a page of its own: %(names)s.")
            raise ValidationError(message, params={"names": names}, code="elsewhere")

    def _moment(self, name, *, not_before=None):
        """The instant typed into the field ``name``; untouched, it stays to the second."""
        typed = self.cleaned_data.get(name)
        before = getattr(self.instance, name)
        if typed is None or (before and typed == clock_time(before, self.zone)):
            return before if typed else None
        moment = instant(typed, self.zone, not_before=not_before)
        refuse_future(moment, at=self.typed_at, zone=self.zone)
        return moment

    def _clean_moment(self, name, **limits):
        if name in self.errors:
            return
        try:
            self.cleaned_data[name] = self._moment(name, **limits)
        except ValidationError as refused:
            self.add_error(name, refused)

    @property
    def was_kept(self) -> bool:
        """Whether a device kept this entry for a while before it could send it."""
        return self.typed_at < self.at

    def _clean_typed_ago(self):
        """Go back to the moment of typing; one long past says nothing unless it is confirmed."""
        seconds = self.cleaned_data.get("typed_ago") or 0
        if seconds <= KEPT_AT_MOST.total_seconds():
            self.typed_at = self.at - timedelta(seconds=seconds)
        elif not self.cleaned_data.get(self.moment_field):
            refused = ValidationError(
                _("This was typed over two weeks ago. Say when it was."), code="typed_long_ago"
            )
            asked = self.moment_field if self.moment_field in self.fields else None
            self.add_error(asked, refused)

    def clean(self):
        self._clean_typed_ago()
        if self.moment_field in self.fields:
            self._clean_moment(self.moment_field)
        return super().clean()

    def _post_clean(self):
        """Set what the form does not ask, before the model and its constraints are checked."""
        moment = self.cleaned_data.get(self.moment_field)
        if self.is_new and not moment and self.moment_field not in self.errors:
            moment = self.cleaned_data[self.moment_field] = self.typed_at
        if moment and moment != getattr(self.instance, self.moment_field):
            setattr(self.instance, self.moment_field, moment)
            self.instance.diary_date = moment.astimezone(self.zone).date()
        if self.is_new:
            self.instance.time_zone = self.user.time_zone
            self.instance.entered_at = self.typed_at
            self.instance.client_id = self.cleaned_data.get("client_id") or uuid.uuid4()
        super()._post_clean()
        if not self.is_new and self._has_changed(self.rated_then):
            self.instance.entered_at = self.typed_at

    def _has_changed(self, names) -> bool:
        """Whether any of these ratings is another now: then it was typed now, not back then."""
        return any(getattr(self.instance, name) != self.ratings[name] for name in names)

    def _store(self):
        if "condition" in self.fields:
            self.instance.condition = self.cleaned_data["condition"] or first_condition(self.user)
        self.instance.save()

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
        """Say the violated constraint's own words at the field that it is about."""
        names = {rule.name: rule for rule in self._meta.model._meta.constraints}
        rule = names.get(violated(error))
        if rule is None:
            raise error
        self.add_error(field_of(rule, self.fields), rule.get_violation_error_message())

    def repeats(self, entry) -> bool:
        """Whether this form says nothing but what ``entry`` holds already: a retried submit."""
        names = [name for name in self._meta.fields if name in self.fields]
        said = {name: self.cleaned_data[name] for name in names}
        if condition := self.cleaned_data.get("condition"):
            said["condition_id"] = condition.pk
        if self.moment_field not in self.changed_data:
            said.pop(self.moment_field, None)
        return all(getattr(entry, name) == value for name, value in said.items())

    def comes_first(self, entry) -> str | None:
        """The address of what has to be seen before even "saved" is said; mostly None."""

    def leads_to(self, entry) -> str | None:
        """The address of what is asked once the entry is saved; None: on as usual."""

    def asked_again(self, **changes):
        """The form with what was typed, for another entry."""
        return type(self)(self.typed_again(**changes), user=self.user, at=self.at)

    def typed_again(self, **changes):
        """What was typed, with another ``client_id`` or ``version``, to be sent once more."""
        data = self.data.copy()
        data.update({name: str(value) for name, value in changes.items()})
        return data
