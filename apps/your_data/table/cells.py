"""One cell of the exchange format: its text to a value, or to a refusal in words.

Limits and messages come from the models' fields.
"""

import re
import uuid
from datetime import UTC, date, datetime
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.conditions.models import Condition
from apps.diary.models import CheckIn, TreatmentSession
from apps.treatments.models import Kind, Treatment
from apps.treatments.rate_again import LONGEST_MINUTES, SHORTEST_MINUTES
from apps.users.typed.names import as_seen

MOST_TREATMENTS = 50  # in one session; more is a mistake in the file

Cell = str | list[str]  # a list where ``foreign/rows.py`` has taken it apart

UNPRINTABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


def shown(text: str) -> str:
    """What was found, short enough for a message, and without what no page can hold."""
    return UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text[:40]) + "…" * (len(text) > 40)


def _refuse(message, **params):
    raise ValidationError(message % params if params else message)


def one_of(values):
    values = list(values)

    def read(cell):
        if cell not in values:
            _refuse(
                _("“%(found)s” is not known here. Write one of: %(values)s."),
                found=shown(cell),
                values=", ".join(values),
            )
        return cell

    return read


def yes_or_no(cell) -> bool:
    return one_of(["yes", "no"])(cell) == "yes"


def rating(model, name):
    """Through the form field of the rating itself; remembered, because there are only eleven."""
    return lru_cache(maxsize=64)(model._meta.get_field(name).formfield().clean)


read_whole_number = lru_cache(maxsize=2048)(
    TreatmentSession._meta.get_field("minutes").formfield().to_python
)


def text_of(model, name):
    """Text as it is, spaces included, in the length that the field takes."""
    field = model._meta.get_field(name).formfield()

    def read(cell):
        field.run_validators(cell)
        return cell

    return read


def name_of(model):
    """A name as the forms take it: without the spaces around it."""
    nameless = {"required": _("The name is missing.")}
    field = model._meta.get_field("name").formfield(error_messages=nameless)
    return lru_cache(maxsize=256)(field.clean)


@lru_cache(maxsize=256)
def read_place(cell) -> str:
    """A place as it is stored: never taken for a built-in one of another language."""
    return Condition._meta.get_field("first_place").formfield(required=False).clean(cell)


@lru_cache(maxsize=256)
def read_time_zone(cell) -> str:
    CheckIn._meta.get_field("time_zone").run_validators(cell)
    return cell


def read_moment(cell) -> datetime:
    try:
        moment = datetime.fromisoformat(cell)
        is_without_offset = moment.tzinfo is None
        moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        _refuse(
            _("“%(found)s” is no date and time. Write it like 2024-01-31T18:30:00+00:00."),
            found=shown(cell),
        )
    if is_without_offset:
        _refuse(
            _("“%(found)s” does not say its offset from UTC. Add it, such as +00:00 or +01:00."),
            found=shown(cell),
        )
    return moment


@lru_cache(maxsize=1024)
def read_day(cell) -> date:
    try:
        return date.fromisoformat(cell)
    except ValueError:
        _refuse(_("“%(found)s” is no date. Write it like 2024-01-31."), found=shown(cell))


def read_client_id(cell) -> uuid.UUID:
    try:
        return uuid.UUID(cell)
    except ValueError:
        _refuse(_("“%(found)s” is no UUID. Leave it empty if you have none."), found=shown(cell))


def any_of(values):
    known = one_of(values)

    def read(cell) -> list[str]:
        items = cell if isinstance(cell, list) else cell.split(";")
        return list(dict.fromkeys(known(item.strip()) for item in items if item.strip()))

    return read


# Treatments: "Shakti mat [acupressure_mat];Heat pack [heat]". The last brackets hold the kind,
# so that a name may have brackets of its own; a semicolon in a name is written \; and a
# backslash \\.


def joined_treatments(items) -> str:
    return ";".join(re.sub(r"([\\;])", r"\\\1", item) for item in items)


def split_treatments(cell) -> list[str]:
    return [re.sub(r"\\([\\;])", r"\1", item) for item in re.findall(r"(?:\\[\\;]|[^;])+", cell)]


def read_medicines(cell) -> list[str]:
    """Names alone, escaped as those of treatments are."""
    items = cell if isinstance(cell, list) else split_treatments(cell)
    named = {as_seen(item): item.strip() for item in items if item.strip()}
    CheckIn._meta.get_field("medicines").run_validators(names := list(named.values()))
    return names


def read_treatments(cell) -> list[tuple[str, str]]:
    """Names and kinds ("" where none is given), in the order of the cell."""
    items = cell if isinstance(cell, list) else split_treatments(cell)
    named = dict.fromkeys(read_treatment(item.strip()) for item in items if item.strip())
    if len(named) > MOST_TREATMENTS:
        _refuse(
            _("%(count)s treatments are too many for one session: up to %(most)s."),
            count=len(named),
            most=MOST_TREATMENTS,
        )
    kinds = {(as_seen(name), kind) for name, kind in named}
    if len({name for name, _kind in kinds}) < len(kinds):
        _refuse(_("One treatment is named twice with two kinds."))
    return list(named)


def read_asked(cell) -> list[tuple[str, str]]:
    """What a self-test asks about: a treatment against waiting, or against another."""
    asked = read_treatments(cell)
    if len(asked) > 2 or len({as_seen(name) for name, _kind in asked}) < len(asked):
        _refuse(_("A self-test asks about one treatment, or about two different ones."))
    return asked


def read_test_minutes(cell) -> int:
    minutes = read_whole_number(cell)
    if not SHORTEST_MINUTES <= minutes <= LONGEST_MINUTES:
        _refuse(
            _("In a self-test it is rated again after %(least)s to %(most)s minutes."),
            least=SHORTEST_MINUTES,
            most=LONGEST_MINUTES,
        )
    return minutes


@lru_cache(maxsize=1024)
def read_treatment(item: str) -> tuple[str, str]:
    name, kind = item, ""
    if item.endswith("]") and "[" in item:
        name, _bracket, kind = item[:-1].rpartition("[")
        kind = kind.strip()
        if kind not in Kind.values:
            _refuse(
                _(
                    "“%(found)s” is no kind of treatment. Write one of: %(values)s. If the "
                    "brackets belong to the name, add the kind behind them: “%(item)s [other]”."
                ),
                found=shown(kind),
                values=", ".join(Kind.values),
                item=shown(item),
            )
    return read_treatment_name(name), kind


read_treatment_name = name_of(Treatment)
