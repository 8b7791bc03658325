"""A diary as a FHIR R4 bundle for a clinic's system, as a stream: memory does not grow with it.

What is in it and what is left out: docs/fhir.md.
"""

import json
from collections.abc import Iterator
from itertools import groupby, islice

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.utils.translation import get_language, override

from apps.conditions.models import Cause, Condition
from apps.diary.models import CheckIn, FunctionRating, SessionTreatment, TreatmentSession
from apps.users.models import User
from apps.your_data.fhir.conditions import cause_resource, condition_resources
from apps.your_data.fhir.resources import (
    Record,
    check_in_resources,
    function_resource,
    session_resources,
)
from apps.your_data.fhir.self_tests import self_test_resources

FETCHED, WRITTEN = 2000, 500

encode = json.JSONEncoder(ensure_ascii=False).encode


def export_fhir(user: User) -> Iterator[bytes]:
    """The bundle in chunks, a resource on each line; the same diary gives the same bytes.

    Its words are in the language that is active now, whatever it is when a chunk is asked for.
    """
    return _chunks("collection", _resources(user), get_language())


def export_fhir_transaction(user: User) -> Iterator[bytes]:
    """The same resources for a server: sent twice, they are there once."""
    return _chunks("transaction", _resources(user), get_language())


def _chunks(kind, resources, language):
    head = encode({"resourceType": "Bundle", "type": kind})
    yield f'{head[:-1]}, "entry": ['.encode()
    comma = "\n"
    while chunk := _lines(kind, resources, language):
        yield f"{comma}{chunk}".encode()
        comma = ",\n"
    yield b"\n]}\n"


def _lines(kind, resources, language):
    """The next resources; empty at the end. They are made here, so in that language."""
    with override(language):
        entries = (_entry(kind, resource) for resource in islice(resources, WRITTEN))
        return ",\n".join(map(encode, entries))


def _entry(kind, resource):
    """A server puts the resource where its own id says, and resolves references by ``fullUrl``."""
    entry = {"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource}
    if kind == "transaction":
        url = f"{resource['resourceType']}/{resource['id']}"
        entry["request"] = {"method": "PUT", "url": url}
    return entry


def _resources(user):
    record = Record(user)
    yield {"resourceType": "Patient", "id": record.id("patient")}
    conditions = list(Condition.objects.for_user(user).order_by("pk"))
    yield from _conditions(user, record, conditions)
    # What is stored of a condition that is newer than this list would refer to nothing.
    keys = [condition.pk for condition in conditions]
    named = {condition.pk: condition for condition in conditions}
    check_ins = CheckIn.objects.for_user(user).filter(condition__in=keys)
    for check_in in check_ins.order_by("rated_at", "client_id").iterator(chunk_size=FETCHED):
        check_in.condition = named[check_in.condition_id]
        yield from check_in_resources(record, check_in)
    for session in _sessions(user, keys).iterator(chunk_size=FETCHED):
        yield from session_resources(record, session)
    ratings = FunctionRating.objects.for_user(user).select_related("activity")
    ratings = ratings.filter(activity__condition__in=keys).order_by("diary_date", "activity_id")
    for rating in ratings.iterator(chunk_size=FETCHED):
        yield function_resource(record, rating)
    yield from self_test_resources(user, record, keys)


def _conditions(user, record, conditions):
    found = Cause.objects.for_user(user).order_by("condition_id", "pk")
    causes = {key: list(rows) for key, rows in groupby(found, lambda cause: cause.condition_id)}
    for condition in conditions:
        own = causes.get(condition.pk, [])
        yield from condition_resources(record, condition, own)
        for cause in own:
            yield cause_resource(record, condition, cause)


def _sessions(user, condition_keys):
    links = SessionTreatment.objects.filter(session=OuterRef("pk")).order_by("id")
    sessions = TreatmentSession.objects.for_user(user).filter(condition__in=condition_keys)
    names = ArraySubquery(links.values("treatment__name"))
    return sessions.annotate(treatment_names=names).order_by("started_at", "client_id")
