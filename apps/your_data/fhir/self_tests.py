"""Planned self-tests that have ended, as FHIR resources: a running one stays sealed here, too.

An N-of-1 test has no resource of its own in R4 that a clinic's system shows beside the patient:
ResearchStudy knows no result. So it is an Observation, with all that its result stands on.
"""

from collections.abc import Iterator
from html import unescape

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from apps.comparisons.charts.self_test import words
from apps.comparisons.engine.self_test import Result
from apps.comparisons.self_tests.answer import Drawn, drawn_of, result_of
from apps.diary.models import SelfTest
from apps.users.models import User
from apps.your_data.fhir.resources import SURVEY, Record, local

NOT_KNOWN = {
    "coding": [
        {
            "system": "http://terminology.hl7.org/CodeSystem/data-absent-reason",
            "code": "not-applicable",
        }
    ]
}


def self_test_resources(user: User, record: Record, condition_keys: list) -> Iterator[dict]:
    """One Observation for each that has ended, in three queries or four."""
    ended = SelfTest.objects.for_user(user).ended().filter(condition__in=condition_keys)
    tests = list(ended.select_related("treatment", "other").order_by("started_at", "pk"))
    drawn = drawn_of(user, tests) if tests else {}
    for each in tests:
        each.user = user
        yield _observation(record, each, drawn[each.pk])


def _observation(record: Record, self_test: SelfTest, drawn: Drawn) -> dict:
    """The difference between the two, first less second, and the verdict in words."""
    result = result_of(self_test, drawn)
    said = words(self_test, result)
    resource = record.start("Observation", "self-test", self_test.pk) | {
        "status": "final",
        "category": [SURVEY],
        "code": {"text": _question(self_test)},
        "focus": [record.reference("condition", self_test.condition_id)],
        "performer": [record.reference("patient")],
        "effectivePeriod": {
            "start": local(self_test.started_at, self_test.user),
            "end": local(self_test.ended_at, self_test.user),
        },
        "method": {"text": _("Drawn by chance within one person (N-of-1), counted as drawn")},
        "interpretation": [{"text": _verdict(self_test, result)}],
        "note": [{"text": text} for text in (*said["means"], said["difference"], said["orders"])],
        "component": list(_components(self_test, result)),
    }
    own = _entries(record, self_test, drawn)
    return resource | _points(result.difference) | ({"derivedFrom": own} if own else {})


def _question(self_test):
    first, second = self_test.arms
    values = {"first": first, "second": second, "unit": self_test.get_unit_display()}
    return _("Planned self-test: %(first)s against %(second)s, %(unit)s") % values


def _verdict(self_test, result):
    """As its page says it, from markup to plain text."""
    said = {"self_test": self_test, "result": result}
    return unescape(render_to_string("comparisons/self_tests/_verdict.html", said)).strip()


def _points(value: float | None) -> dict:
    """NRS points, or that there is no such number."""
    if value is None:
        return {"dataAbsentReason": NOT_KNOWN}
    return {"valueQuantity": _quantity(value)}


def _quantity(value):
    return {"value": round(value, 6), "unit": _("points of 0 to 10")}


def _components(self_test: SelfTest, result: Result) -> Iterator[dict]:
    if result.low is not None and result.high is not None:
        limits = {"low": _quantity(result.low), "high": _quantity(result.high)}
        yield {"code": {"text": _("95\N{NO-BREAK SPACE}% interval")}, "valueRange": limits}
    for name, arm in zip(self_test.arms, (result.treated, result.waited), strict=True):
        yield _named(_("%(name)s: mean after") % {"name": name}) | _points(arm.mean)
        yield _count(_("%(name)s: drawn") % {"name": name}, arm.moments)
        yield _count(_("%(name)s: rated again") % {"name": name}, arm.rated)
    # A ratio, since all orders of 48 sessions are more than FHIR's largest integer.
    orders = {"numerator": {"value": result.as_extreme}, "denominator": {"value": result.orders}}
    yield _named(_("orders that part the two as widely, of all")) | {"valueRatio": orders}
    field = self_test._meta.get_field
    yield _named(_("how it ended")) | {"valueString": self_test.get_why_ended_display()}
    yield _named(field("seed").verbose_name) | {"valueString": str(self_test.seed)}
    yield _named(_("order (T first, W second)")) | {"valueString": self_test.order}


def _named(text):
    return {"code": {"text": str(text)}}


def _count(text, number):
    return _named(text) | {"valueInteger": number}


def _entries(record: Record, self_test: SelfTest, drawn: Drawn) -> list[dict]:
    """The ratings of the sessions that were drawn; a day's are not known by their entry."""
    if self_test.is_by_days:
        return []
    return [
        record.reference(moment.client_id, when)
        for moment, session in drawn
        for when in ("before", "after")
        if session and session[f"pain_{when}"] is not None
    ]
