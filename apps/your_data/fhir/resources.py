"""Check-ins and sessions as FHIR resources, in plain values."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _

from apps.diary.models import CheckIn, TreatmentSession
from apps.users.models import User
from apps.your_data.table.write_csv import zone_named

# Never change it: a clinic's system would take the next file for another person's.
NAMESPACE = uuid.UUID("0d0b7c0e-57a5-4f0f-9c3e-6f1f3e0a8b52")
SURVEY = {
    "coding": [
        {
            "system": "http://terminology.hl7.org/CodeSystem/observation-category",
            "code": "survey",
        }
    ]
}
PARTS = ("leg", "back")  # of ids, whatever the places are called: never change them
PAIN = {
    "system": "http://loinc.org",
    "code": "72514-3",
    "display": "Pain severity - 0-10 verbal numeric rating [Score] - Reported",
}


class Record:
    """The ids of one person's resources: always the same for the same rows, and nobody else's.

    They are made of when the account was made too, so that two installations do not share them.
    """

    def __init__(self, user: User):
        self.namespace = uuid.uuid5(NAMESPACE, f"{user.pk} {user.joined_at.isoformat()}")

    def id(self, *parts) -> str:
        return str(uuid.uuid5(self.namespace, " ".join(map(str, parts))))

    def reference(self, *parts) -> dict:
        return {"reference": f"urn:uuid:{self.id(*parts)}"}

    def start(self, kind: str, *parts) -> dict:
        """What every resource about the patient begins with."""
        return {
            "resourceType": kind,
            "id": self.id(*parts),
            "subject": self.reference("patient"),
        }


def check_in_resources(record: Record, check_in: CheckIn) -> Iterator[dict]:
    """An Observation for each place that was rated, in the words of its condition."""
    for part, (place, value) in zip(PARTS, check_in.by_place, strict=False):
        if value is not None:
            pain = _observation(record, check_in, part, check_in.rated_at, value)
            pain["bodySite"] = {"text": place.name}
            yield pain


def session_resources(record: Record, session: TreatmentSession) -> Iterator[dict]:
    """What was done, or that it was not, and the pain before and after it, where rated."""
    yield _procedure(record, session)
    for when, at, value, said in (
        ("before", session.started_at, session.pain_before, _("Pain before")),
        ("after", session.after_rated_at, session.pain_after, _("Pain after")),
    ):
        if value is not None:
            pain = _observation(record, session, when, at, value)
            pain["code"]["text"] = said
            pain["partOf"] = [record.reference(session.client_id, "procedure")]
            yield pain


def _procedure(record, session):
    """A wait is a procedure that was not done: nobody can take it for a treatment.

    ``status`` is one of the elements that a reader must not ignore.
    """
    resource = record.start("Procedure", session.client_id, "procedure")
    resource["reasonReference"] = [record.reference("condition", session.condition_id)]
    if session.had_something_else:
        field = session._meta.get_field("had_something_else")
        resource["note"] = [{"text": str(field.verbose_name)}]
    if not session.treatment_names:
        return resource | {"status": "not-done", "statusReason": {"text": _("Wait and see")}}
    resource |= {"status": "completed", "code": {"text": ", ".join(session.treatment_names)}}
    return resource | _performed(session)


def _performed(session):
    start = local(session.started_at, session)
    if session.minutes is None:
        return {"performedDateTime": start}
    end = session.started_at + timedelta(minutes=session.minutes)
    return {"performedPeriod": {"start": start, "end": local(end, session)}}


def _observation(record, entry, part, at, value):
    resource = record.start("Observation", entry.client_id, part) | {
        "status": "final",
        "category": [SURVEY],
        "code": {"coding": [PAIN]},
        "focus": [record.reference("condition", entry.condition_id)],
        "effectiveDateTime": local(at, entry),
        "valueInteger": value,
    }
    return resource | side_note(entry, "side")


def side_note(row, field: str) -> dict:
    """The side that was chosen as a note; nothing where none was."""
    if not getattr(row, field):
        return {}
    side = getattr(row, f"get_{field}_display")()
    return {"note": [{"text": f"{row._meta.get_field(field).verbose_name}: {side}"}]}


def local(moment: datetime, entry) -> str:
    """The instant as clocks showed it there, with their distance from UTC.

    UTC itself where FHIR cannot write that distance: before 1940 some had seconds in it.
    """
    shown = moment.astimezone(zone_named(entry.time_zone))
    if shown.utcoffset() % timedelta(minutes=1):
        shown = moment.astimezone(UTC)
    return shown.isoformat()
