"""Conditions and their causes as FHIR resources, with the codes of ICD-10 (WHO) where known."""

from collections.abc import Iterator

from apps.conditions.models import Cause, CauseKind, Certainty, Condition
from apps.your_data.fhir.resources import PARTS, Record, body_site, side_note

ICD_10 = "http://hl7.org/fhir/sid/icd-10"
CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
VERIFIED = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
EXTENSION = "http://hl7.org/fhir/StructureDefinition/condition-"

SCIATICA, DISC_WITH_SCIATICA = "M54.3", "M51.1"
SCIATICA_WORDS = ("sciatica", "ischias", "ischialgi")

# Only where the kind says no more and no less than the code. Four characters: a fifth would be
# the place in the spine, and the side has no code at all.
CODES = {
    CauseKind.SLIPPED_DISC: DISC_WITH_SCIATICA,
    CauseKind.SPONDYLOLISTHESIS: "M43.1",
    CauseKind.STENOSIS: "M48.0",
}
STATUS = {Certainty.SUSPECTED: "provisional", Certainty.DIAGNOSED: "confirmed"}


def condition_resources(
    record: Record, condition: Condition, causes: list[Cause]
) -> Iterator[dict]:
    """What hurts, and what it is due to; before it the part of the body, where a side is usual."""
    resource = _condition(record, condition, causes)
    if condition.usual_side:
        place = next(iter(condition.places))
        structures, site = body_site(record, condition, PARTS[0], place, condition.usual_side)
        yield from structures
        resource["bodySite"] = [site]
    yield resource


def _condition(record, condition, causes):
    is_resolved = condition.resolved_on is not None
    resource = record.start("Condition", "condition", condition.pk) | {
        "asserter": record.reference("patient"),
        "clinicalStatus": _coded(CLINICAL, "resolved" if is_resolved else "active"),
        "code": _code(_icd_10(condition, causes), condition.name),
    }
    if condition.since_on is not None:
        resource["onsetDateTime"] = condition.since_on.isoformat()
    if is_resolved:
        resource["abatementDateTime"] = condition.resolved_on.isoformat()
    if causes:
        resource["extension"] = [
            {"url": f"{EXTENSION}dueTo", "valueReference": record.reference("cause", cause.pk)}
            for cause in causes
        ]
    return resource | side_note(condition, "usual_side")


def cause_resource(record: Record, condition: Condition, cause: Cause) -> dict:
    """A cause as a condition of its own: as sure as the person said, and its own code.

    A disc that is diagnosed has its code where it hurts already: there M51.1 says both.
    """
    code = CODES.get(cause.kind)
    if code == DISC_WITH_SCIATICA and (not _is_sciatica(condition) or _is_diagnosed(cause)):
        code = None
    said = cause.get_kind_display()
    text = f"{said}: {cause.description}" if cause.description else said
    resource = record.start("Condition", "cause", cause.pk) | {
        "asserter": record.reference("patient"),
        "verificationStatus": _coded(VERIFIED, STATUS[cause.certainty]),
        "code": _code(code, text),
    }
    if cause.diagnosed_on is not None:
        date = cause.diagnosed_on.isoformat()
        resource["extension"] = [{"url": f"{EXTENSION}assertedDate", "valueDateTime": date}]
    return resource


def _icd_10(condition, causes):
    """ICD-10 moves sciatica that is due to a disc from M54.3 to M51.1."""
    if not _is_sciatica(condition):
        return None
    is_disc = any(each.kind == CauseKind.SLIPPED_DISC and _is_diagnosed(each) for each in causes)
    return DISC_WITH_SCIATICA if is_disc else SCIATICA


def _is_diagnosed(cause):
    return cause.certainty == Certainty.DIAGNOSED


def _is_sciatica(condition):
    name = condition.name.casefold()
    return any(word in name for word in SCIATICA_WORDS)


def _code(code, text):
    return {"coding": [{"system": ICD_10, "code": code}], "text": text} if code else {"text": text}


def _coded(system, code):
    return {"coding": [{"system": system, "code": code}]}
