"""Check-ins and sessions as FHIR resources, in plain values."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _

from apps.conditions.models import Condition, Side
from apps.conditions.places import Rated
from apps.diary.models import CheckIn, FunctionRating, TreatmentSession
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
# HL7's own table of body site modifiers: SNOMED's words for the sides need a licence.
MODIFIERS = "http://terminology.hl7.org/CodeSystem/v2-0495"
LATERALITY = {
    Side.LEFT: {"code": "L", "display": "Left"},
    Side.RIGHT: {"code": "R", "display": "Right"},
    Side.BOTH: {"code": "BIL", "display": "Bilateral"},
}
BODY_SITE = "http://hl7.org/fhir/StructureDefinition/bodySite"
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
        self.structures: set[str] = set()  # the parts of the body that are in the file already

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
    """An Observation for each place that was rated, and one for painkillers, yes or no."""
    for part, (place, value) in zip(PARTS, check_in.by_place, strict=False):
        if value is not None:
            pain = _observation(record, check_in, part, check_in.rated_at, value)
            structures, pain["bodySite"] = body_site(
                record, check_in.condition, part, place, check_in.side
            )
            yield from structures
            yield pain
    if check_in.painkillers is not None:
        yield _painkillers(record, check_in)


def _painkillers(record, check_in):
    resource = record.start("Observation", check_in.client_id, "painkillers") | {
        "status": "final",
        "category": [SURVEY],
        "code": {"text": str(check_in._meta.get_field("painkillers").verbose_name)},
        "performer": [record.reference("patient")],
        "effectiveDateTime": local(check_in.rated_at, check_in),
        "valueBoolean": check_in.painkillers,
    }
    if check_in.medicines:
        resource["note"] = [{"text": ", ".join(check_in.medicines)}]
    return resource


def function_resource(record: Record, rating: FunctionRating) -> dict:
    """How well one activity went, 0 (not at all) to 10 (as before): the person's own words."""
    said = rating._meta.get_field("rating").verbose_name
    return record.start("Observation", "function", rating.pk) | {
        "status": "final",
        "category": [SURVEY],
        "code": {"text": f"{said} (0–10): {rating.activity.name}"},
        "focus": [record.reference("condition", rating.activity.condition_id)],
        "performer": [record.reference("patient")],
        "effectiveDateTime": local(rating.rated_at, rating),
        "valueInteger": rating.rating,
    }


def body_site(
    record: Record, condition: Condition, part: str, place: Rated, side: str
) -> tuple[list[dict], dict]:
    """Where it hurts in words; with a side a BodyStructure, too, whose qualifier is coded.

    The structure is among the resources once: those that are new come first.
    """
    site = {"text": place.name}
    code = LATERALITY.get(side)
    if code is None:
        return [], site
    parts = ("body", condition.pk, part, side)
    structure = {
        "resourceType": "BodyStructure",
        "id": record.id(*parts),
        "location": {"text": place.name},
        "locationQualifier": [{"coding": [{"system": MODIFIERS, **code}]}],
        "patient": record.reference("patient"),
    }
    site["extension"] = [{"url": BODY_SITE, "valueReference": record.reference(*parts)}]
    if structure["id"] in record.structures:
        return [], site
    record.structures.add(structure["id"])
    return [structure], site


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
    resource["asserter"] = record.reference("patient")
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
        "performer": [record.reference("patient")],
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
