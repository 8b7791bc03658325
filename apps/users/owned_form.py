"""What the forms of a person's own rows share: the owner, names without doubles, days."""

import psycopg.errors
from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.users.typed.names import as_seen
from apps.users.typed.years import FIRST_DAY


class DayInput(forms.DateInput):
    """The browser's own date field; without one, a day typed as 3/5/2026 or 2026-05-03."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__({"min": FIRST_DAY, **(attrs or {})}, format="%Y-%m-%d")


def not_in_the_future(day):
    if day > timezone.localdate():
        raise ValidationError(_("This day is still to come."), code="future")


class OwnedModelForm(forms.ModelForm):
    """A form for a row of ``user``. ``save_if_valid`` says whether the row was stored."""

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.user = user

    def save_if_valid(self) -> bool:
        return self.is_valid() and self._stored()

    def _stored(self) -> bool:
        with transaction.atomic():
            self.save()
        return True


class NamedForm(OwnedModelForm):
    """A form whose ``name`` one person gives only once, however it is spelt.

    A ModelForm skips the database's own rule about names, because that rule names a field
    (``user``) that is not on the form; unchecked, the person would meet a 500.
    """

    def clean_name(self):
        name = self.cleaned_data["name"]
        own = type(self.instance).objects.for_user(self.instance.user)
        others = own.exclude(pk=self.instance.pk).values_list("name", flat=True)
        if as_seen(name) in map(as_seen, others):
            raise self._name_is_taken(name)
        if as_seen(name) != as_seen(self.instance.name):
            self.instance.twin = 0  # one with a name of its own is nobody's twin
        return name

    def _name_is_taken(self, name):
        message = _("You already have “%(name)s”.")
        return ValidationError(message, params={"name": name}, code="unique")

    def _stored(self) -> bool:
        """A double tap passes the check twice; the database then refuses the second."""
        try:
            return super()._stored()
        except IntegrityError as error:
            if not isinstance(error.__cause__, psycopg.errors.UniqueViolation):
                raise
            self.add_error("name", self._name_is_taken(self.instance.name))
            return False
