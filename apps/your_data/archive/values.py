"""One value of the complete JSON file to one value of a model's field, or a refusal in words."""

from datetime import date, time

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.users.typed.years import FIRST_YEAR, LAST_YEAR
from apps.your_data.table.cells import read_client_id, read_day, read_moment, shown
from apps.your_data.table.rows import UNSTORABLE

LARGEST = 1_000_000_000  # room to count on: a counter at the column's end could not go up

WRONG_KIND = _("This kind of value does not belong here.")


def read_value(field: models.Field, value: object) -> object:
    """What ``value`` means in ``field``. Raises ValidationError where the field refuses it."""
    if value is None:
        if not field.null:
            raise ValidationError(_("This must not be empty."))
        return None
    if not _is_storable(value):
        raise ValidationError(
            _("This holds a character that cannot be stored. Delete it, or type it again.")
        )
    read = _typed(field, value)
    _check_choice(field, read)
    field.run_validators(read)
    return read


def _typed(field, value):
    """Strictly: a number in quotes is no number, and true is no 1."""
    match field:
        case ArrayField():
            items = _only(value, list)
            return [read_value(field.base_field, item) for item in items]
        case models.BooleanField():
            return _only(value, bool)
        case models.DateTimeField():
            return _within_reach(read_moment(_only(value, str)))
        case models.DateField():
            return _within_reach(read_day(_only(value, str)))
        case models.TimeField():
            return _time(_only(value, str))
        case models.UUIDField():
            return read_client_id(_only(value, str))
        case models.DecimalField():
            return field.to_python(_only(value, str))
        case models.IntegerField():
            return _countable(_only(value, int))
        case models.CharField() | models.TextField():
            return _only(value, str)
        case models.JSONField():
            return value
    raise TypeError(f"Say in archive_values.py how {type(field).__name__} is read.")


def _is_storable(value):
    match value:
        case str():
            return not UNSTORABLE.search(value)
        case list():
            return all(map(_is_storable, value))
        case dict():
            return all(map(_is_storable, [*value, *value.values()]))
    return True


def _only(value, kind):
    if type(value) is not kind:
        raise ValidationError(WRONG_KIND)
    return value


def _countable(number):
    if abs(number) > LARGEST:
        raise ValidationError(_("This number is too large."))
    return number


def _time(text):
    try:
        return time.fromisoformat(text)
    except ValueError:
        message = _("“%(found)s” is no time of day. Write it like 18:30.")
        raise ValidationError(message % {"found": shown(text)}) from None


def _within_reach(moment: date):
    """Pages show moments in the person's zone: at the ends of the calendar that fails."""
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValidationError(_("The day must be in 1900 or later, and before the year 9001."))
    return moment


def _check_choice(field, value):
    if field.choices and value not in field.empty_values:
        known = [choice for choice, _label in field.flatchoices]
        if value not in known:
            message = _("“%(found)s” is not known here. Write one of: %(values)s.")
            params = {"found": shown(str(value)), "values": ", ".join(map(str, known))}
            raise ValidationError(message % params)
