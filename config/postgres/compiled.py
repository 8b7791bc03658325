"""Queries of the pages that are opened most, put into SQL once in each process.

To build a query and to put it into SQL takes Django longer than PostgreSQL takes to answer it. ::

    @compiled
    def latest(*, user: int, at: datetime):
        return CheckIn.objects.filter(user=user, rated_at__gt=at - A_DAY)[:40]

    latest(user=alice.pk, at=now)  # a list of what the queryset gives

The function is called with **stand-ins** for what it takes: keys, moments, days and texts that
nobody has. Where one stands in the query, or a moment or day so and so far from it, each call puts
its own value. So what is kept holds no key and no words of anybody. What the function decides by a
value is decided once and for all; only a ``bool`` may decide, and is kept both ways. A named tuple
is as good as its fields.
"""

import inspect
from collections.abc import Callable, Iterator
from copy import copy
from datetime import UTC, date, datetime, timedelta
from functools import update_wrapper
from typing import Any, NamedTuple

from django.db import connections
from django.db.models import QuerySet

# By its place among what the function takes, and in two rounds.
STAND_INS: dict[type, Callable[[int, int], Any]] = {
    int: lambda place, again: 9_111_111_111_111_111_000 + 2 * place + again,
    str: lambda place, again: f"\ue000{place}\ue001{again}",
    date: lambda place, again: date(5100 + 200 * place, 1, 1) + again * timedelta(days=75),
    datetime: lambda place, again: (
        datetime(5000 + 200 * place, 1, 1, tzinfo=UTC) + again * timedelta(days=75, hours=17)
    ),
}
NEAR = timedelta(days=20_000)


class Place(NamedTuple):
    """Where in the query a value stands: as what, and how far from it in time."""

    number: int
    name: str
    kind: type
    away: timedelta | None


class Ready(NamedTuple):
    """``constants`` are the query's parameters without those that have a place."""

    sql: str
    constants: tuple
    places: tuple[Place, ...]


class compiled:  # noqa: N801 (a decorator)
    def __init__(self, build: Callable[..., QuerySet]) -> None:
        update_wrapper(self, build)
        taken = inspect.signature(build).parameters.values()
        self.build, self.taken = build, {each.name: each.annotation for each in taken}
        self.kinds = dict(_each_kind(self.taken))
        self.ready: dict[tuple, tuple[Ready, QuerySet, Any]] = {}

    def __call__(self, **taken: Any) -> list:
        values = dict(_each_value(taken))
        ways = tuple(values[name] for name, kind in self.kinds.items() if kind is bool)
        if ways not in self.ready:
            self.ready[ways] = self._made_ready(values)
        ready, queryset, compiler = self.ready[ways]
        params = list(ready.constants)
        for number, name, kind, away in ready.places:
            params[number] = kind(values[name]) if away is None else values[name] + away
        asked = Asked(queryset, compiler, ready.sql, tuple(params))
        return list(queryset._iterable_class(asked))

    def _made_ready(self, values):
        """Raises ValueError for a query in which something else hangs on a value."""
        (one, queryset, compiler), (other, *_rest) = (self._round(values, n) for n in range(2))
        if one != other:
            raise ValueError(f"{self.build.__qualname__} works something out of what it takes.")
        return one, queryset, compiler

    def _round(self, values, again):
        kinds = enumerate(self.kinds.items())
        stand_ins = {
            name: STAND_INS[kind](place, again) for place, (name, kind) in kinds if kind is not bool
        }
        queryset = self.build(**_put_together(self.taken, values | stand_ins))
        compiler = queryset.query.get_compiler(using=queryset.db)
        sql, params = compiler.as_sql()
        places = [_place(number, param, stand_ins) for number, param in enumerate(params)]
        pairs = zip(params, places, strict=True)
        constants = tuple(None if place else param for param, place in pairs)
        return Ready(sql, constants, tuple(filter(None, places))), queryset, compiler


def _each_kind(taken: dict[str, type]) -> Iterator[tuple[str, type]]:
    for name, kind in taken.items():
        if issubclass(kind, tuple):
            yield from ((f"{name}.{field}", of) for field, of in kind.__annotations__.items())
        else:
            yield name, kind


def _each_value(taken: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in taken.items():
        if isinstance(value, tuple):
            yield from ((f"{name}.{field}", each) for field, each in value._asdict().items())
        else:
            yield name, value


def _put_together(taken: dict[str, type], values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: kind(*(values[f"{name}.{field}"] for field in kind._fields))
        if issubclass(kind, tuple)
        else values[name]
        for name, kind in taken.items()
    }


def _place(number: int, param: Any, stand_ins: dict) -> Place | None:
    for name, stand_in in stand_ins.items():
        if isinstance(param, date):
            if type(param) is type(stand_in) and abs(param - stand_in) < NEAR:
                return Place(number, name, type(param), param - stand_in)
        elif param == stand_in:
            return Place(number, name, type(param), None)
    return None


class Asked:
    """A queryset, and its query, with other values: as far as Django's iterables look at them."""

    def __init__(self, queryset: QuerySet, compiler: Any, sql: str, params: tuple) -> None:
        self.queryset, self.query = queryset, self
        self.compiler = copy(compiler)
        self.compiler.connection = connections[queryset.db]
        self.compiler.as_sql = lambda *_args, **_more: (sql, params)

    def get_compiler(self, *_args: Any, **_more: Any) -> Any:
        return self.compiler

    def __getattr__(self, name: str) -> Any:
        owner = self.queryset if hasattr(self.queryset, name) else self.queryset.query
        return getattr(owner, name)
