"""A self-test by days: agreed to, 60 days through the pages, and its answer."""

import json
import re
import uuid
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.core.management import call_command

from apps.comparisons.engine.measured import DAY_TEST_HELPS, DAYS_OF_TEST
from apps.comparisons.engine.self_test import letters
from apps.diary.models import CheckIn, ReminderPlan, SelfTest, SelfTestMoment
from tests.comparisons.self_test_days import FIRST_DAY, rated, two_points_lower, with_days
from tests.factories import (
    NOON,
    CheckInFactory,
    ConditionFactory,
    DayTestFactory,
    SelfTestFactory,
    SelfTestMomentFactory,
    ShareLinkFactory,
    TreatmentFactory,
)

LAST_NIGHT = NOON + timedelta(days=60, hours=8)
NEXT_DAY = NOON + timedelta(days=61)


@pytest.fixture
def sciatica(alice):
    return ConditionFactory(user=alice)


@pytest.fixture
def insoles(alice):
    return TreatmentFactory(user=alice, name="Insoles", kind="orthotics", minutes=None)


@pytest.fixture
def self_test(alice, sciatica, insoles):
    return DayTestFactory(user=alice, condition=sciatica, treatment=insoles)


def create(treatment):
    return f"/treatments/{treatment.pk}/self-test/"


def agreed(**fields):
    return {"expectation": "7", "ends_on": "", "unit": "day", **fields}


def ended(self_test, why="whole"):
    SelfTest.objects.update(ended_at=NEXT_DAY, why_ended=why)
    self_test.refresh_from_db()


# Agreed to


@time_machine.travel(NOON, tick=False)
def test_agreeing_begins_a_test_of_60_days_with_a_sealed_order(as_alice, sciatica, insoles):
    response = as_alice.post(create(insoles), agreed(condition=sciatica.pk, moments="24"))
    self_test = SelfTest.objects.get()
    assert (response.status_code, response.url) == (302, f"/self-tests/{self_test.pk}/")
    assert (self_test.unit, self_test.moments, self_test.minutes) == ("day", 60, 240)
    assert self_test.order == letters(self_test.seed, 60)
    assert self_test.ends_on == NOON.date() + timedelta(days=90)


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize(
    ("kind", "asked", "unit"),
    [
        ("orthotics", "", "day"),
        ("orthotics", "session", "day"),
        ("staying_active", "", "day"),
        ("other", "", "session"),
        ("other", "day", "day"),
        ("pain_relief", "day", "day"),
        ("posture", "nonsense", "session"),
        ("acupressure_mat", "day", "session"),
    ],
)
def test_what_lasts_a_day_is_tested_by_days(as_alice, alice, sciatica, kind, asked, unit):
    treatment = TreatmentFactory(user=alice, name="It", kind=kind)
    page = as_alice.get(create(treatment), {"unit": asked})
    assert page.context["unit"] == unit
    assert f'name="unit" value="{unit}"' in page.content.decode()
    sent = agreed(condition=sciatica.pk, unit=asked, moments="24")
    assert as_alice.post(create(treatment), sent).status_code == 302
    assert SelfTest.objects.get().unit == unit


@time_machine.travel(NOON, tick=False)
def test_the_page_says_what_60_days_find_as_measured(as_alice, alice, sciatica, insoles):
    for days in range(20):
        CheckInFactory(user=alice, rated_at=NOON - timedelta(days=days))
    CheckInFactory(user=alice, rated_at=NOON - timedelta(days=28))
    page = as_alice.get(create(insoles))
    (power,) = page.context["powers"]
    assert power.moments == DAYS_OF_TEST == 60
    assert (power.weeks_at_one_a_day, power.weeks) == (9, 12)
    assert power.large == tuple(round(10 * share) for share in DAY_TEST_HELPS[-1.5])
    assert power.small == tuple(round(10 * share) for share in DAY_TEST_HELPS[-1.0])
    assert power.in_vain == round(100 * max(DAY_TEST_HELPS[0.0]))
    text = page.content.decode()
    assert "today with “Insoles”, or today without" in text
    assert "moments" not in page.context["form"].fields


@time_machine.travel(NOON, tick=False)
def test_only_what_lasts_a_day_is_compared_with_it(as_alice, alice, sciatica, insoles):
    belt = TreatmentFactory(user=alice, name="Belt", kind="orthotics")
    mat = TreatmentFactory(user=alice)
    refused = as_alice.post(create(insoles), agreed(condition=sciatica.pk, other=mat.pk))
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["other"])
    as_alice.post(create(insoles), agreed(condition=sciatica.pk, other=belt.pk))
    assert SelfTest.objects.get().arms == ("with Insoles", "with Belt")


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize("unit", ["day", "session"])
def test_two_draws_never_decide_about_one_treatment(as_alice, alice, sciatica, unit):
    neck = ConditionFactory(user=alice, name="Neck")
    tablets = TreatmentFactory(user=alice, name="Tablets", kind="pain_relief")
    (DayTestFactory if unit == "session" else SelfTestFactory)(
        user=alice, condition=neck, treatment=tablets
    )
    sent = agreed(condition=sciatica.pk, unit=unit, moments="24")
    response = as_alice.post(create(tablets), sent)
    assert response.status_code == 422
    assert "Two draws could contradict one another" in response.content.decode()
    SelfTest.objects.update(ended_at=NOON, why_ended="stopped")
    assert as_alice.post(create(tablets), sent).status_code == 302


@time_machine.travel(NOON, tick=False)
def test_it_reminds_where_that_is_wanted(as_alice, alice, sciatica, insoles):
    as_alice.post(create(insoles), agreed(condition=sciatica.pk, remind="on"))
    assert ReminderPlan.objects.for_user(alice).get().for_self_tests


# Sixty days through the pages


def check_in(client, at, pain):
    with time_machine.travel(at, tick=False):
        sent = {"client_id": str(uuid.uuid4()), "leg_pain": pain, "back_pain": 1}
        return client.post("/check-ins/new/", sent)


def test_sixty_days_through_the_pages(as_alice, alice, sciatica, insoles):
    """With a treatment that takes two points off, one day without an evening and one otherwise."""
    with time_machine.travel(NOON, tick=False):
        as_alice.post(create(insoles), agreed(condition=sciatica.pk))
    self_test = SelfTest.objects.get()
    for number, letter in enumerate(self_test.order):
        morning = datetime.combine(FIRST_DAY + timedelta(days=number), time(8), tzinfo=UTC)
        shown = check_in(as_alice, morning, 5 + number % 3)
        moment = SelfTestMoment.objects.get(ordinal=number)
        assert shown.url == f"/self-tests/sessions/{moment.pk}/"
        if number == 7:
            with time_machine.travel(morning + timedelta(hours=2), tick=False):
                as_alice.post(f"{shown.url}break-off/")
        if number != 5:
            check_in(as_alice, morning + timedelta(hours=13), 4 if letter == "T" else 6)
        assert SelfTestMoment.objects.count() == number + 1
    address = f"/self-tests/{self_test.pk}/"
    with time_machine.travel(LAST_NIGHT, tick=False):
        page = as_alice.get(address)
    assert (page.context["done"], page.context["rated"]) == (60, 59)
    assert page.context["why_over"] is None  # the evening may still be rated
    with time_machine.travel(NEXT_DAY, tick=False):
        assert as_alice.get(address).context["why_over"] == "whole"
        page = as_alice.post(f"{address}end/", follow=True)
    result, text = page.context["result"], page.content.decode()
    assert result.difference == pytest.approx(-2)
    assert (result.verdict, result.orders) == ("helps", 6**15)
    assert (result.treated.moments, result.waited.moments) == (30, 30)
    assert result.treated.rated + result.waited.rated == 59
    assert "Lower on days with Insoles than on days without it" in text
    assert "470,184,984,576 orders" in text
    rows = page.context["chart"]["table"]["rows"]
    assert rows[5][5] == "–"
    assert [row[3] for row in rows].count("otherwise") == 1
    assert rows[7][3] == "otherwise"


# Its outcome


@pytest.mark.parametrize(
    ("clock", "counts"), [(time(16, 59), False), (time(17), True), (time(23, 59), True)]
)
def test_the_evening_is_from_five(alice, self_test, as_alice, clock, counts):
    with_days(self_test, [None])
    rated(self_test, 0, clock, 3)
    assert rated_of(as_alice, self_test) == int(counts)


def rated_of(client, self_test):
    with time_machine.travel(NEXT_DAY, tick=False):
        return client.get(f"/self-tests/{self_test.pk}/").context["rated"]


def after_of(client, self_test, place=0):
    ended(self_test)
    rows = client.get(f"/self-tests/{self_test.pk}/").context["chart"]["table"]["rows"]
    return rows[place][5]


def test_the_last_check_in_of_the_evening_counts_on_its_worse_side(as_alice, self_test):
    with_days(self_test, [5])
    rated(self_test, 0, time(18), 7)
    rated(self_test, 0, time(22), 1)
    assert after_of(as_alice, self_test) == "2"


def test_an_evening_less_than_four_hours_after_the_first_counts_not(as_alice, self_test):
    first = rated(self_test, 0, time(16), 6)
    SelfTestMomentFactory(
        user=self_test.user,
        self_test=self_test,
        client_id=first.client_id,
        drawn_at=first.rated_at,
    )
    rated(self_test, 0, time(19, 59), 3)
    assert rated_of(as_alice, self_test) == 0
    rated(self_test, 0, time(20), 3)
    assert rated_of(as_alice, self_test) == 1


def test_an_evening_typed_in_the_next_day_counts_not(as_alice, self_test):
    with_days(self_test, [None])
    late = rated(self_test, 0, time(21), 3)
    CheckIn.objects.filter(pk=late.pk).update(entered_at=late.rated_at + timedelta(hours=4))
    assert rated_of(as_alice, self_test) == 1
    CheckIn.objects.filter(pk=late.pk).update(entered_at=late.rated_at + timedelta(hours=5))
    assert rated_of(as_alice, self_test) == 0


def test_an_evening_of_another_condition_or_of_a_note_counts_not(as_alice, alice, self_test):
    with_days(self_test, [None])
    neck = ConditionFactory(user=alice, name="Neck")
    at = datetime.combine(FIRST_DAY, time(21), tzinfo=UTC)
    CheckInFactory(user=alice, condition=neck, rated_at=at, leg_pain=3)
    CheckInFactory(
        user=alice, condition=self_test.condition, rated_at=at, leg_pain=None, back_pain=None
    )
    assert rated_of(as_alice, self_test) == 0


def test_a_deleted_first_check_in_leaves_its_day_unrated(as_alice, self_test):
    with_days(self_test, [4, 4])
    CheckIn.objects.earliest("rated_at").delete()
    ended(self_test, "stopped")
    page = as_alice.get(f"/self-tests/{self_test.pk}/")
    row = page.context["chart"]["table"]["rows"][0]
    assert row[3:] == ["deleted", "–", "–"]


# Its end


def ends_as(client, self_test, at):
    with time_machine.travel(at, tick=False):
        client.post(f"/self-tests/{self_test.pk}/end/")
    self_test.refresh_from_db()
    return self_test.why_ended


def test_it_ends_after_its_last_day_early_or_when_stopped(as_alice, self_test):
    with_days(self_test, two_points_lower(self_test)[:40])
    then = datetime.combine(FIRST_DAY + timedelta(days=50), time(12), tzinfo=UTC)
    for changes, at, why in (
        ({}, then, "stopped"),
        ({"may_end_early": True}, then, "early"),
        ({"may_end_early": False}, NOON + timedelta(days=91), "date"),
    ):
        SelfTest.objects.update(ended_at=None, why_ended="", **changes)
        self_test.refresh_from_db()
        assert ends_as(as_alice, self_test, at) == why


def test_stopped_before_sixteen_days_there_is_no_answer(as_alice, self_test):
    with_days(self_test, two_points_lower(self_test)[:15])
    ended(self_test, "stopped")
    text = as_alice.get(f"/self-tests/{self_test.pk}/").content.decode()
    assert "Stopped too early for an answer." in text
    assert "Days with Insoles: " in text


def test_stopped_before_its_first_day_it_says_nothing_of_what_was_not_drawn(as_alice, self_test):
    ended(self_test, "stopped")
    text = as_alice.get(f"/self-tests/{self_test.pk}/").content.decode()
    assert "No difference can be worked out." in text
    assert "With Insoles: never drawn." in text
    assert "Shuffling" not in text
    assert "You knew which was which" not in text


# Sealed

SAYS_IT = re.compile(
    r"more\ than\ coincidence|[Pp]robably\ (?:helps|worse)|probably_|470[.,]?184|"
    r"[Ll]ower\ on\ days|[Hh]igher\ on\ days|(?:T{2}|W{2}|TW|WT){6,}"
)
PAGES = (
    "/today/",
    "/compare/?range=all",
    "/treatments/{treatment}/card/?range=all",
    "/treatments/waiting/card/?range=all",
    "/treatments/{treatment}/",
    "/timeline/?range=all",
    "/self-tests/{test}/",
    "/share/{link}/preview/",
    "/your-data/export.json",
    "/your-data/export.csv",
    "/your-data/export.html",
    "/your-data/export.fhir.json",
)


def shown(client, alice, self_test):
    link = ShareLinkFactory(user=alice, condition=self_test.condition, created_at=NEXT_DAY)
    known = {"treatment": self_test.treatment_id, "test": self_test.pk, "link": link.pk}
    for path in PAGES:
        response = client.get(path.format(**known))
        content = b"".join(response) if response.streaming else response.content
        assert response.status_code == 200, path
        yield path, re.sub(r"<(style|svg)\b.*?</\1>", "", content.decode(), flags=re.DOTALL)


@time_machine.travel(NEXT_DAY, tick=False)
def test_nothing_gives_away_the_order_or_the_answer_while_it_runs(as_alice, alice, self_test):
    with_days(self_test, two_points_lower(self_test))
    for path, text in shown(as_alice, alice, self_test):
        assert SAYS_IT.findall(text) == [], path
        assert self_test.order not in text, path
        assert str(self_test.seed) not in text, path


@time_machine.travel(NEXT_DAY, tick=False)
def test_page_report_and_complete_file_say_it_at_the_end(as_alice, alice, self_test):
    with_days(self_test, two_points_lower(self_test))
    ended(self_test)
    ShareLinkFactory(user=alice, condition=self_test.condition, created_at=NEXT_DAY)
    told = [path for path, text in shown(as_alice, alice, self_test) if SAYS_IT.search(text)]
    assert told == [
        "/self-tests/{test}/",
        "/share/{link}/preview/",
        "/your-data/export.json",
        "/your-data/export.csv",
        "/your-data/export.html",
        "/your-data/export.fhir.json",
    ]


@time_machine.travel(NEXT_DAY, tick=False)
def test_the_command_names_the_unit_and_seals_what_runs(alice, self_test, capsys):
    with_days(self_test, two_points_lower(self_test))

    def row():
        call_command("compare", user=alice.email)
        return json.loads(capsys.readouterr().out)["self_tests"][0]

    sealed = row()
    assert (sealed["unit"], sealed["drawn"], sealed["rated"]) == ("day", 60, 60)
    assert sealed["verdict"] is None
    ended(self_test)
    assert (row()["unit"], row()["verdict"]) == ("day", "helps")


@time_machine.travel(NEXT_DAY, tick=False)
@pytest.mark.parametrize("tests", [1, 3])
def test_its_page_costs_the_same_queries(
    as_alice, alice, sciatica, insoles, django_assert_num_queries, tests
):
    for _ in range(tests):
        self_test = DayTestFactory(user=alice, condition=sciatica, treatment=insoles)
        with_days(self_test, [4] * 4 * tests)
        ended(self_test)
    with django_assert_num_queries(6):
        as_alice.get(f"/self-tests/{self_test.pk}/")


def test_a_day_in_summer_and_winter_is_the_persons_own(as_alice, alice, self_test):
    """17:00 in Auckland, where the zone of each entry says what its clock showed."""
    type(alice).objects.update(time_zone="Pacific/Auckland")
    alice.refresh_from_db()
    own = {"time_zone": "Pacific/Auckland", "diary_date": date(2026, 3, 12)}
    first = rated(self_test, 0, time(19), 6, **own)  # 8:00 there
    SelfTestMomentFactory(
        user=alice, self_test=self_test, client_id=first.client_id, drawn_at=first.rated_at
    )
    rated(self_test, 1, time(3, 59), 5, **own)
    assert rated_of(as_alice, self_test) == 0
    rated(self_test, 1, time(4), 5, **own)
    assert rated_of(as_alice, self_test) == 1
