"""The FHIR bundle: valid by a FHIR library's own models, complete, honest about what is missing."""

import json
import tracemalloc
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation
from fhir.resources.R4B.bundle import Bundle
from fhirclient.models.bundle import Bundle as OtherBundle

from apps.conditions.models import Condition
from apps.demo.rows import keep_diary
from apps.diary.models import CheckIn, FunctionRating, SelfTest, TreatmentSession
from apps.your_data.fhir import bundle
from apps.your_data.fhir.bundle import export_fhir, export_fhir_transaction
from tests.comparisons.engine.test_self_test import SIXTH_UNRATED
from tests.comparisons.worked_self_test import with_sessions
from tests.factories import (
    NOON,
    ActivityFactory,
    CauseFactory,
    CheckInFactory,
    ConditionFactory,
    FunctionRatingFactory,
    SelfTestFactory,
    TreatmentFactory,
    TreatmentSessionFactory,
)

PAIN = {
    "system": "http://loinc.org",
    "code": "72514-3",
    "display": "Pain severity - 0-10 verbal numeric rating [Score] - Reported",
}
LEFT = {
    "system": "http://terminology.hl7.org/CodeSystem/v2-0495",
    "code": "L",
    "display": "Left",
}
LATER = NOON + timedelta(minutes=45)


def resources(user):
    """Those of the bundle, after two libraries have validated it."""
    text = b"".join(export_fhir(user))
    Bundle.model_validate_json(text)
    OtherBundle(json.loads(text), strict=True)
    entries = json.loads(text)["entry"]
    assert [entry["fullUrl"] for entry in entries] == [
        f"urn:uuid:{entry['resource']['id']}" for entry in entries
    ]
    return [entry["resource"] for entry in entries]


def of_kind(user, kind):
    return [found for found in resources(user) if found["resourceType"] == kind]


def references(value):
    """Every reference in a resource, however deep."""
    if isinstance(value, list):
        return [found for item in value for found in references(item)]
    if not isinstance(value, dict):
        return []
    own = [value["reference"]] if "reference" in value else []
    return own + [found for item in value.values() for found in references(item)]


def to(resource):
    return {"reference": f"urn:uuid:{resource['id']}"}


def observation(found, patient, condition, at, value, **more):
    """What an Observation of pain is, with its own id."""
    return {
        "resourceType": "Observation",
        "id": found["id"],
        "subject": to(patient),
        "status": "final",
        "category": [
            {
                "coding": [
                    {
                        "system": "http://terminology.hl7.org/CodeSystem/observation-category",
                        "code": "survey",
                    }
                ]
            }
        ],
        "code": {"coding": [PAIN]},
        "focus": [to(condition)],
        "performer": [to(patient)],
        "effectiveDateTime": at,
        "valueInteger": value,
    } | more


def site(words, structure):
    url = "http://hl7.org/fhir/StructureDefinition/bodySite"
    return {"text": words, "extension": [{"url": url, "valueReference": to(structure)}]}


def test_demo_diary_is_a_valid_bundle_in_which_every_reference_resolves(alice):
    keep_diary(alice, at=NOON)
    found = resources(alice)
    ids = {f"urn:uuid:{resource['id']}" for resource in found}
    assert len(ids) == len(found)
    assert set(references(found)) <= ids
    check_ins, sessions = CheckIn.objects.all(), TreatmentSession.objects.all()
    ratings = [n for row in check_ins for n in (row.leg_pain, row.back_pain)]
    ratings += [n for row in sessions for n in (row.pain_before, row.pain_after)]
    counts = Counter(resource["resourceType"] for resource in found)
    assert counts["Patient"] == 1
    assert counts["Procedure"] == len(sessions)
    painkillers = sum(row.painkillers is not None for row in check_ins)
    function = FunctionRating.objects.count()
    rated = sum(rating is not None for rating in ratings)
    self_tests = SelfTest.objects.ended().count()
    assert self_tests == 1
    assert counts["Observation"] == rated + painkillers + function + self_tests
    ratings += FunctionRating.objects.values_list("rating", flat=True)
    values = [resource.get("valueInteger") for resource in found]
    assert values.count(0) == ratings.count(0)


def test_same_diary_gives_the_same_file(alice):
    keep_diary(alice, at=NOON)
    assert b"".join(export_fhir(alice)) == b"".join(export_fhir(alice))


def test_tiny_diary_resource_by_resource(alice):
    sciatica = ConditionFactory(user=alice, usual_side="left", since_on=date(2025, 1, 2))
    CheckInFactory(user=alice, condition=sciatica, leg_pain=4, back_pain=0, side="left")
    TreatmentSessionFactory(
        user=alice,
        condition=sciatica,
        treatments=[TreatmentFactory(user=alice), TreatmentFactory(user=alice, name="Heat")],
        minutes=20,
        pain_after=2,
        after_rated_at=LATER,
    )
    patient, left_leg, condition, leg, left_back, back, procedure, before, after = resources(alice)
    noon = "2026-03-10T12:00:00+00:00"
    assert patient == {"resourceType": "Patient", "id": patient["id"]}
    assert left_leg == {
        "resourceType": "BodyStructure",
        "id": left_leg["id"],
        "location": {"text": "leg"},
        "locationQualifier": [{"coding": [LEFT]}],
        "patient": to(patient),
    }
    assert condition == {
        "resourceType": "Condition",
        "id": condition["id"],
        "subject": to(patient),
        "asserter": to(patient),
        "bodySite": [site("leg", left_leg)],
        "clinicalStatus": {
            "coding": [
                {
                    "system": "http://terminology.hl7.org/CodeSystem/condition-clinical",
                    "code": "active",
                }
            ]
        },
        "code": {
            "coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "M54.3"}],
            "text": "Sciatica",
        },
        "onsetDateTime": "2025-01-02",
        "note": [{"text": "usual side: left"}],
    }
    side = [{"text": "side: left"}]
    more = {"bodySite": site("leg", left_leg), "note": side}
    assert leg == observation(leg, patient, condition, noon, 4, **more)
    more = {"bodySite": site("back", left_back), "note": side}
    assert back == observation(back, patient, condition, noon, 0, **more)
    assert procedure == {
        "resourceType": "Procedure",
        "id": procedure["id"],
        "subject": to(patient),
        "asserter": to(patient),
        "reasonReference": [to(condition)],
        "status": "completed",
        "code": {"text": "Acupressure mat, Heat"},
        "performedPeriod": {"start": noon, "end": "2026-03-10T12:20:00+00:00"},
    }
    part = [to(procedure)]
    code = {"coding": [PAIN], "text": "Pain before"}
    assert before == observation(before, patient, condition, noon, 6, code=code, partOf=part)
    code = {"coding": [PAIN], "text": "Pain after"}
    at = "2026-03-10T12:45:00+00:00"
    assert after == observation(after, patient, condition, at, 2, code=code, partOf=part)


def test_side_is_coded_once_for_each_place_and_left_out_where_there_is_none(alice):
    sides = ["left", "right", "both", "neither", "", "left"]
    condition = ConditionFactory(user=alice)
    for minute, side in enumerate(sides):
        at = NOON + timedelta(minutes=minute)
        CheckInFactory(
            user=alice, condition=condition, rated_at=at, leg_pain=1, back_pain=None, side=side
        )
    structures = {each["id"]: each for each in of_kind(alice, "BodyStructure")}
    found = [pain["bodySite"].get("extension") for pain in of_kind(alice, "Observation")]
    codes = [
        extension
        and structures[extension[0]["valueReference"]["reference"][9:]]["locationQualifier"][0][
            "coding"
        ][0]["code"]
        for extension in found
    ]
    assert (codes, len(structures)) == (["L", "R", "BIL", None, None, "L"], 3)


def test_painkillers_and_function_are_observations_of_their_own(alice):
    condition = ConditionFactory(user=alice)
    pain = {"user": alice, "condition": condition, "leg_pain": None, "back_pain": None}
    CheckInFactory(**pain, painkillers=True, medicines=["Ibuprofen"], note="x")
    CheckInFactory(**pain, painkillers=False, rated_at=LATER, note="x")
    FunctionRatingFactory(
        user=alice, activity=ActivityFactory(user=alice, condition=condition), rating=0
    )
    yes, no, function = of_kind(alice, "Observation")
    assert [(o["code"]["text"], o["valueBoolean"], o.get("note")) for o in (yes, no)] == [
        ("painkillers today", True, [{"text": "Ibuprofen"}]),
        ("painkillers today", False, None),
    ]
    assert function["valueInteger"] == 0
    assert function["code"]["text"].startswith("how well it goes (0–10): ")
    patient, found = resources(alice)[:2]
    assert (function["performer"], function["focus"]) == ([to(patient)], [to(found)])


def test_self_test_that_ended_is_an_observation_with_all_it_stands_on(alice):
    mat = TreatmentFactory(user=alice, name="Mat & heat")
    over = NOON + timedelta(days=40)
    ended = {"ended_at": over, "why_ended": "whole"}
    self_test = SelfTestFactory(user=alice, treatment=mat, **ended)
    with_sessions(self_test, SIXTH_UNRATED)
    found = resources(alice)
    (result,) = [each for each in found if "component" in each]
    assert result["code"] == {
        "text": "Planned self-test: Mat & heat against waiting, session by session"
    }
    assert result["interpretation"] == [
        {"text": "Lower after Mat & heat than after waiting: more than coincidence."}
    ]
    assert result["valueQuantity"]["unit"] == "points of 0 to 10"
    assert result["valueQuantity"]["value"] < -1
    assert result["effectivePeriod"]["end"] == "2026-04-19T13:00:00+01:00"
    values = {each["code"]["text"]: each for each in result["component"]}
    assert values["Mat & heat: drawn"]["valueInteger"] == 12
    assert values["Mat & heat: rated again"]["valueInteger"] == 11
    assert values["waiting: rated again"]["valueInteger"] == 12
    assert values["order (T first, W second)"]["valueString"] == self_test.order
    assert values["seed"]["valueString"] == str(self_test.seed)
    assert values["orders that part the two as widely, of all"]["valueRatio"]["denominator"] == {
        "value": 6**6
    }
    own = {f"urn:uuid:{each['id']}" for each in found if "partOf" in each}
    assert {each["reference"] for each in result["derivedFrom"]} == own


def test_self_test_without_a_number_says_so_and_a_running_one_is_left_out(alice):
    over = NOON + timedelta(days=1)
    ended = SelfTestFactory(user=alice, ended_at=over, why_ended="stopped")
    SelfTestFactory(user=alice, condition=ended.condition, started_at=over)
    (result,) = [each for each in resources(alice) if "component" in each]
    assert result["interpretation"] == [{"text": "Stopped too early for an answer."}]
    assert "valueQuantity" not in result
    assert result["dataAbsentReason"]["coding"][0]["code"] == "not-applicable"
    assert "derivedFrom" not in result


def test_transaction_puts_each_resource_at_its_own_address(alice):
    keep_diary(alice, at=NOON)
    text = b"".join(export_fhir_transaction(alice))
    Bundle.model_validate_json(text)
    OtherBundle(json.loads(text), strict=True)
    bundle = json.loads(text)
    assert bundle["type"] == "transaction"
    assert [entry["resource"] for entry in bundle["entry"]] == resources(alice)
    for entry in bundle["entry"]:
        resource = entry["resource"]
        assert entry["fullUrl"] == f"urn:uuid:{resource['id']}"
        url = f"{resource['resourceType']}/{resource['id']}"
        assert entry["request"] == {"method": "PUT", "url": url}
    assert len({entry["request"]["url"] for entry in bundle["entry"]}) == len(bundle["entry"])


def test_session_without_minutes_has_a_moment(alice):
    TreatmentSessionFactory(user=alice, treatments=[TreatmentFactory(user=alice)])
    [procedure] = of_kind(alice, "Procedure")
    assert procedure["performedDateTime"] == "2026-03-10T12:00:00+00:00"
    assert "performedPeriod" not in procedure


def test_missing_rating_makes_no_observation_and_0_makes_one(alice):
    CheckInFactory(user=alice, leg_pain=None, back_pain=0)
    TreatmentSessionFactory(user=alice, pain_before=0)
    found = of_kind(alice, "Observation")
    assert [(o["valueInteger"], o.get("bodySite"), o["code"].get("text")) for o in found] == [
        (0, {"text": "back"}, None),
        (0, None, "Pain before"),
    ]


def test_wait_is_a_procedure_that_was_not_done(alice):
    TreatmentSessionFactory(user=alice, pain_after=5, after_rated_at=LATER)
    patient, condition, wait, *ratings = resources(alice)
    assert wait == {
        "resourceType": "Procedure",
        "id": wait["id"],
        "subject": to(patient),
        "asserter": to(patient),
        "reasonReference": [to(condition)],
        "status": "not-done",
        "statusReason": {"text": "Wait and see"},
    }
    assert [(o["valueInteger"], o["partOf"]) for o in ratings] == [(6, [to(wait)]), (5, [to(wait)])]


@pytest.mark.parametrize(
    ("zone", "utc", "shown"),
    [
        ("Europe/London", (2026, 3, 29, 0, 59), "2026-03-29T00:59:00+00:00"),
        ("Europe/London", (2026, 3, 29, 1, 0), "2026-03-29T02:00:00+01:00"),
        ("Europe/London", (2026, 10, 25, 0, 30), "2026-10-25T01:30:00+01:00"),
        ("Europe/London", (2026, 10, 25, 1, 30), "2026-10-25T01:30:00+00:00"),
        ("Asia/Kolkata", (2026, 3, 10, 12, 0), "2026-03-10T17:30:00+05:30"),
        ("Africa/Monrovia", (1950, 3, 10, 12, 0), "1950-03-10T12:00:00+00:00"),
    ],
)
def test_moments_have_the_offset_of_the_entry_s_own_zone(alice, zone, utc, shown):
    CheckInFactory(user=alice, time_zone=zone, rated_at=datetime(*utc, tzinfo=UTC))
    [pain] = of_kind(alice, "Observation")
    assert pain["effectiveDateTime"] == shown


def test_session_across_a_clock_change_lasts_as_long_as_it_did(alice):
    TreatmentSessionFactory(
        user=alice,
        started_at=datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        treatments=[TreatmentFactory(user=alice)],
        minutes=60,
    )
    [procedure] = of_kind(alice, "Procedure")
    assert procedure["performedPeriod"] == {
        "start": "2026-10-25T01:30:00+01:00",
        "end": "2026-10-25T01:30:00+00:00",
    }


def codes(user):
    """The ICD-10 code, the words and how sure, of each Condition."""
    return [
        (
            [coding["code"] for coding in found["code"].get("coding", [])],
            found["code"]["text"],
            [c["code"] for c in found.get("verificationStatus", {}).get("coding", [])],
        )
        for found in of_kind(user, "Condition")
    ]


@pytest.mark.parametrize(
    ("kind", "certainty", "complaint", "code", "text", "status"),
    [
        ("slipped_disc", "suspected", "M54.3", ["M51.1"], "slipped disc", "provisional"),
        ("slipped_disc", "diagnosed", "M51.1", [], "slipped disc", "confirmed"),
        (
            "spondylolisthesis",
            "diagnosed",
            "M54.3",
            ["M43.1"],
            "spondylolisthesis (a vertebra slips forward over another)",
            "confirmed",
        ),
        ("stenosis", "suspected", "M54.3", ["M48.0"], "lumbar spinal stenosis", "provisional"),
        ("flat_feet", "diagnosed", "M54.3", [], "flat feet", "confirmed"),
    ],
)
def test_causes_have_codes_where_one_says_just_that(
    alice, kind, certainty, complaint, code, text, status
):
    CauseFactory(user=alice, kind=kind, certainty=certainty)
    assert codes(alice) == [([complaint], "Sciatica", []), (code, text, [status])]


def test_condition_of_another_name_has_words_only(alice):
    knee = ConditionFactory(user=alice, name="Knee")
    CauseFactory(user=alice, condition=knee, description="after the fall")
    assert codes(alice) == [
        ([], "Knee", []),
        ([], "slipped disc: after the fall", ["provisional"]),
    ]


def test_resolved_condition_points_at_its_cause(alice):
    condition = ConditionFactory(user=alice, resolved_on=date(2026, 1, 5))
    CauseFactory(user=alice, condition=condition, certainty="diagnosed", diagnosed_on=NOON.date())
    found, cause = of_kind(alice, "Condition")
    url = "http://hl7.org/fhir/StructureDefinition/condition-"
    assert found["abatementDateTime"] == "2026-01-05"
    assert found["clinicalStatus"]["coding"][0]["code"] == "resolved"
    assert found["extension"] == [{"url": f"{url}dueTo", "valueReference": to(cause)}]
    assert cause["extension"] == [{"url": f"{url}assertedDate", "valueDateTime": "2026-03-10"}]


def test_bundle_names_nobody_and_holds_nothing_of_another_person(alice, charlie):
    planted = {"note": "planted alice@example.com", "adverse_effect": "planted"}
    CheckInFactory(user=alice, **planted)
    TreatmentSessionFactory(user=alice, **planted)
    CauseFactory(user=alice, certainty="diagnosed", diagnosed_by="planted")
    before = b"".join(export_fhir(alice))
    knee = ConditionFactory(user=charlie, name="Charlie's knee")
    CauseFactory(user=charlie, condition=knee)
    CheckInFactory(user=charlie, condition=knee)
    heat = TreatmentFactory(user=charlie, name="Charlie's heat")
    TreatmentSessionFactory(user=charlie, condition=knee, treatments=[heat])
    assert b"".join(export_fhir(alice)) == before
    assert [word for word in (b"planted", b"@", b"snomed") if word in before.lower()] == []
    own = {found["id"] for found in resources(alice)}
    assert own & {found["id"] for found in resources(charlie)} == set()


def test_words_are_in_the_language_in_which_the_export_began(alice):
    ConditionFactory(user=alice, usual_side="left")
    with translation.override("de"):
        expected = f"{Condition._meta.get_field('usual_side').verbose_name}: "
        expected += Condition(usual_side="left").get_usual_side_display()
        chunks = export_fhir(alice)
    assert expected != "usual side: left"
    assert json.loads(b"".join(chunks))["entry"][2]["resource"]["note"] == [{"text": expected}]


def test_memory_does_not_grow_with_the_diary(alice, monkeypatch):
    monkeypatch.setattr(bundle, "FETCHED", 400)  # to trace memory makes all of it slow
    monkeypatch.setattr(bundle, "WRITTEN", 100)
    condition = ConditionFactory(user=alice)

    def peak():
        tracemalloc.start()
        try:
            sizes = [len(chunk) for chunk in export_fhir(alice)]
            return tracemalloc.get_traced_memory()[1], sum(sizes)
        finally:
            tracemalloc.stop()

    def add(first, last):
        CheckIn.objects.bulk_create(
            CheckInFactory.build(
                user=alice, condition=condition, rated_at=NOON + timedelta(minutes=n)
            )
            for n in range(first, last)
        )

    add(0, 400)  # as many as are fetched at a time
    small, small_size = peak()
    add(400, 1600)
    large, large_size = peak()
    assert large_size > 3.9 * small_size
    assert large < 1.3 * small


@pytest.mark.parametrize("count", [1, 3])
def test_export_asks_the_same_number_of_queries(alice, count, django_assert_num_queries):
    for number in range(count):
        condition = ConditionFactory(user=alice, name=f"Sciatica {number}")
        CauseFactory(user=alice, condition=condition)
        CheckInFactory(user=alice, condition=condition)
        mat = TreatmentFactory(user=alice)
        TreatmentSessionFactory(user=alice, condition=condition, treatments=[mat])
        begun, over = (
            NOON - timedelta(days=300 - 60 * number),
            NOON - timedelta(days=250 - 60 * number),
        )
        ended = {"started_at": begun, "ended_at": over, "why_ended": "whole"}
        self_test = SelfTestFactory(user=alice, condition=condition, treatment=mat, **ended)
        with_sessions(self_test, [3] * 24)
    with django_assert_num_queries(8):
        list(export_fhir(alice))
