"""The diary as its owner reads it: entries of both kinds by day, newest first, a page at a time."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter

from apps.conditions.models import Condition
from apps.diary.models import CheckIn, TreatmentSession
from config.postgres.compiled import compiled

ENTRIES_PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class Day:
    """One diary day; ``entries`` are check-ins and sessions, the latest first."""

    date: date
    entries: list


def page_of_days(user, *, before: date | None = None, treatment=None, **filters):
    """Whole days, about 25 entries, and the day before which the next page goes on (or None).

    Filtering by a treatment leaves check-ins out: they have none. Three queries, or five
    where a single day holds more than a page.
    """
    if before:
        limits = [day for day in (filters.get("last_day"), before - timedelta(days=1)) if day]
        filters["last_day"] = min(limits)
    is_first = not treatment and not any(filters.values())
    found = _newest(user) if is_first else _entries(user, filters, treatment)
    newest = found[: ENTRIES_PER_PAGE + 1]
    older = None
    if len(newest) > ENTRIES_PER_PAGE:
        first_day, cut_day = newest[0].diary_date, newest[-1].diary_date
        if first_day == cut_day:
            filters |= {"first_day": first_day, "last_day": first_day}
            newest, older = _entries(user, filters, treatment, limit=None), first_day
        else:
            newest = [entry for entry in newest if entry.diary_date != cut_day]
            older = cut_day + timedelta(days=1)
    _name_conditions(user, newest)
    return _by_day(newest), older


def _entries(user, filters, treatment, limit=ENTRIES_PER_PAGE + 1):
    sessions = TreatmentSession.objects.for_user(user).filtered(treatment=treatment, **filters)
    entries = list(sessions.with_names()[:limit])
    if not treatment:
        entries += CheckIn.objects.for_user(user).filtered(**filters)[:limit]
    return _in_order(entries)


def _in_order(entries):
    return sorted(entries, key=lambda entry: (entry.diary_date, entry.at, entry.pk), reverse=True)


def _newest(user):
    """The first page, without a filter: it is opened most."""
    return _in_order(_newest_sessions(user=user.pk) + _newest_check_ins(user=user.pk))


@compiled
def _newest_sessions(*, user: int):
    return TreatmentSession.objects.for_user(user).with_names()[: ENTRIES_PER_PAGE + 1]


@compiled
def _newest_check_ins(*, user: int):
    return CheckIn.objects.for_user(user)[: ENTRIES_PER_PAGE + 1]


def _by_day(entries):
    return [Day(day, list(group)) for day, group in groupby(entries, key=attrgetter("diary_date"))]


def _name_conditions(user, entries) -> None:
    """Give each entry its condition, and its name where the person has several to tell apart."""
    conditions = {condition.pk: condition for condition in _conditions(user=user.pk)}
    for entry in entries:
        entry.condition = conditions[entry.condition_id]
        if len(conditions) > 1:
            entry.condition_name = entry.condition.name


@compiled
def _conditions(*, user: int):
    return Condition.objects.for_user(user)
