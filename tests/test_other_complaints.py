"""A diary about shoulder and hand: nothing that it shows or hands out calls that leg or back."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from apps.your_data.fhir.bundle import export_fhir
from apps.your_data.html.page import export_html
from tests.factories import (
    CheckInFactory,
    ConditionFactory,
    ShareLinkFactory,
    TreatmentFactory,
    TreatmentPeriodFactory,
    TreatmentSessionFactory,
)

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
DAYS = 28
LEG_OR_BACK = re.compile(
    r"(leg|back)( and back)? pain|Bein(schmerz|-)|Rückenschmerz|>\s*(leg|back|Bein|Rücken)\s*<",
    re.I,
)
OWN = {"en-gb": ["Shoulder pain", "Hand pain"], "de": ["Schulterschmerz", "Handschmerz"]}


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def arm(alice):
    """Four weeks of ratings, with a mat and waits on some days."""
    arm = ConditionFactory(user=alice, name="Arm", first_place="shoulder", second_place="hand")
    mat = TreatmentFactory(user=alice)
    TreatmentPeriodFactory(user=alice, treatment=mat, started_on=(NOW - timedelta(days=14)).date())
    for number in range(DAYS):
        at = NOW - timedelta(days=number)
        CheckInFactory(
            user=alice, condition=arm, rated_at=at, leg_pain=5, back_pain=number % 4, side="left"
        )
        TreatmentSessionFactory(
            user=alice,
            condition=arm,
            started_at=at,
            treatments=[mat] if number % 2 else [],
            pain_before=5,
            pain_after=4,
            after_rated_at=at + timedelta(minutes=45),
        )
    return arm


def addresses(user, arm):
    mat = TreatmentFactory(user=user)
    check_in = CheckInFactory(user=user, condition=arm, rated_at=NOW)
    link = ShareLinkFactory(user=user, condition=arm)
    return [
        reverse("diary:today"),
        reverse("diary:list"),
        reverse("diary:day", args=[2026, 3, 9]),
        reverse("diary:month", args=[2026, 3]),
        reverse("diary:checkin_create"),
        reverse("diary:checkin_edit", args=[check_in.pk]),
        reverse("diary:session_start"),
        reverse("diary:session_create"),
        reverse("comparisons:compare"),
        reverse("comparisons:timeline"),
        reverse("comparisons:sides"),
        reverse("comparisons:treatment", args=[mat.pk]),
        reverse("comparisons:waits"),
        reverse("sharing:preview", args=[link.pk]),
        arm.get_absolute_url(),
    ]


@pytest.mark.parametrize("language", OWN)
def test_no_page_calls_a_shoulder_a_leg(as_alice, alice, arm, language):
    said = {}
    for address in addresses(alice, arm):
        page = as_alice.get(address, headers={"accept-language": language}).content.decode()
        page = json_unescaped(page)
        said[address] = [found[0] for found in LEG_OR_BACK.finditer(page)]
        if "timeline" in address or "checkins" in address:
            assert [word for word in OWN[language] if word not in page] == []
    assert said == {address: [] for address in said}


def json_unescaped(page):
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), page)


@pytest.mark.parametrize("language", OWN)
def test_no_file_calls_a_shoulder_a_leg(alice, arm, language):
    with translation.override(language):
        page = b"".join(export_html(alice)).decode()
        bundle = b"".join(export_fhir(alice)).decode()
    assert [found[0] for found in LEG_OR_BACK.finditer(page)] == []
    entries = [entry["resource"] for entry in json.loads(bundle)["entry"]]
    sites = {entry["bodySite"]["text"] for entry in entries if "bodySite" in entry}
    assert sites == {"en-gb": {"shoulder", "hand"}, "de": {"Schulter", "Hand"}}[language]


def test_a_second_place_that_is_not_rated_is_not_shown(as_alice, alice):
    knee = ConditionFactory(user=alice, name="Knee", first_place="knee")
    CheckInFactory(user=alice, condition=knee, rated_at=NOW, leg_pain=3)
    chart = as_alice.get(reverse("comparisons:timeline")).context["chart"]
    assert chart["table"]["columns"][:3] == ["When", "Knee pain", "Sessions"]
    assert [line["name"] for line in chart["drawing"]["lines"]] == ["knee"]
    assert chart["summary"][0] == "Knee pain: 3 throughout."
    page = b"".join(export_html(alice)).decode()
    assert "<span>knee <b>3</b></span>" in page
    assert "back" not in re.sub(r"<style>.*</style>", "", page, flags=re.S)


def test_then_and_now_of_the_report_has_the_places_of_its_condition(as_alice, alice, arm):
    link = ShareLinkFactory(user=alice, condition=arm)
    page = as_alice.get(reverse("sharing:preview", args=[link.pk]))
    groups = page.context["summary"]["then_and_now"]
    assert [group["name"] for group in groups][:2] == [
        "Shoulder pain, average",
        "Hand pain, average",
    ]
