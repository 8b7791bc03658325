"""The models' own check constraints asked in Python: no query per row, and no rule stated twice.

Two rules more are kept by the forms and not by the database: an entry of a file keeps them too.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from zoneinfo import ZoneInfo

from django.db.models import CheckConstraint, F, Model, Q
from django.utils.translation import gettext_lazy

from apps.diary.models import CheckIn, TreatmentSession
from apps.diary.writing.check_in_form import CheckInForm

Values = dict[str, object]
Truth = bool | None  # as in SQL: None where a value is missing


@dataclass(frozen=True, slots=True)
class Rule:
    """One check constraint: the fields that it names, its sentence, and whether values keep it."""

    fields: tuple[str, ...]
    message: str
    is_kept: Callable[[Values], bool]


@cache
def rules_of(model: type[Model]) -> tuple[Rule, ...]:
    """The check constraints of a model, in its order.

    Raises KeyError for one that ``COMPARISONS`` has no word for.
    """
    return tuple(
        _rule(model, constraint)
        for constraint in model._meta.constraints
        if isinstance(constraint, CheckConstraint)
    )


def broken_rules(entry: Model) -> list[Rule]:
    """Those which the database would refuse this unsaved entry for."""
    values = vars(entry)
    return [rule for rule in rules_of(type(entry)) if not rule.is_kept(values)]


A_DAY = timedelta(days=1)
SAID = tuple(name for name in CheckInForm.Meta.fields if name not in ("rated_at", "side"))


def broken_by_file(entry: Model) -> list[Rule]:
    """Those which the database would take, but which no form would have made."""
    values = vars(entry)
    return [rule for rule in RULES_OF_FILES.get(type(entry), ()) if not rule.is_kept(values)]


def _says_something(values):
    return any(values[name] not in (None, "", []) for name in SAID)


def _day_of(moment: str) -> Rule:
    """Sitting up late, one may mean the day before; any further and it is a mistake."""

    def is_near(values):
        at, day = values[moment], values["diary_date"]
        if at is None or day is None:
            return True
        return abs(day - at.astimezone(ZoneInfo(values["time_zone"])).date()) <= A_DAY

    message = gettext_lazy("The day must be within a day of “at”.")
    return Rule(("diary_date",), message, is_near)


RULES_OF_FILES = {
    CheckIn: (
        Rule(
            SAID,
            gettext_lazy("This check-in says nothing. Give a rating, or a note."),
            _says_something,
        ),
        _day_of("rated_at"),
    ),
    TreatmentSession: (_day_of("started_at"),),
}


def _rule(model, constraint):
    answer = _compiled(model, constraint.condition)
    return Rule(
        fields=tuple(dict.fromkeys(_fields(constraint.condition))),
        message=constraint.get_violation_error_message(),
        # A check constraint refuses what is false; what is unknown (NULL) passes.
        is_kept=lambda values: answer(values) is not False,
    )


def _fields(condition):
    for child in condition.children:
        if isinstance(child, Q):
            yield from _fields(child)
        else:
            yield child[0].partition("__")[0]


def _compiled(model, condition: Q) -> Callable[[Values], Truth]:
    children = [
        _compiled(model, child) if isinstance(child, Q) else _lookup(model, *child)
        for child in condition.children
    ]
    # "and" is decided by the first false part, "or" by the first true one.
    deciding = condition.connector == Q.OR

    def answer(values):
        truth: Truth = not deciding
        for child in children:
            part = child(values)
            if part is deciding:
                truth = deciding
                break
            if part is None:
                truth = None
        return truth if truth is None else truth != condition.negated

    return answer


COMPARISONS = {
    "exact": lambda value, wanted: value == wanted,
    "gt": lambda value, wanted: value > wanted,
    "gte": lambda value, wanted: value >= wanted,
    "lt": lambda value, wanted: value < wanted,
    "lte": lambda value, wanted: value <= wanted,
    "in": lambda value, wanted: value in wanted,
    "regex": lambda value, wanted: re.search(wanted, value) is not None,
    "second": lambda value, wanted: value.second == wanted,
    "range": lambda value, wanted: wanted[0] <= value <= wanted[1],
    "contained_by": lambda value, wanted: set(value) <= set(wanted),
}


def _lookup(model, name, wanted) -> Callable[[Values], Truth]:
    field, _, lookup = name.partition("__")
    field = model._meta.get_field(field).attname
    if lookup == "isnull" or wanted is None:
        is_null = wanted is None or wanted
        return lambda values: (values[field] is None) is is_null
    compare = COMPARISONS[lookup or "exact"]
    if isinstance(wanted, F):

        def answer(values):
            pair = values[field], values[wanted.name]
            return None if None in pair else compare(*pair)

        return answer
    if isinstance(wanted, str):
        wanted = model._meta.get_field(field).to_python(wanted)

    return lambda values: None if values[field] is None else compare(values[field], wanted)
