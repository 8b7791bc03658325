"""Red flags: they interrupt with whom to call, and stay on Today until somebody has looked."""

import re
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.urls import reverse

from apps.diary.models import CheckIn, HowOften, RedFlag, RedFlagReview, TreatmentSession
from tests.factories import (
    NOON,
    CheckInFactory,
    ConditionFactory,
    RedFlagReviewFactory,
    TreatmentFactory,
    TreatmentSessionFactory,
    WaitPlanFactory,
)

PAGE, SEEN, NEW = "/red-flags/", "/red-flags/seen/", "/check-ins/new/"
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


def typed(**fields):
    return {"client_id": uuid.uuid4(), **fields}


def main_of(response):
    """What a page says from its heading on."""
    page = response.content.decode()
    text = page[page.index("<h1") : page.index("</main>")]
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())


def calls(response):
    return re.findall(r'href="tel:(\d+)"', response.content.decode())


def ticked_page(check_in):
    return reverse("diary:red_flags_ticked", args=[check_in.pk])


@pytest.mark.parametrize("flag", RedFlag.values)
def test_any_red_flag_of_a_check_in_interrupts_and_is_saved(as_alice, alice, flag):
    ConditionFactory(user=alice)
    response = as_alice.post(NEW, typed(leg_pain="4", red_flags=[flag]))
    saved = CheckIn.objects.get()
    assert (saved.leg_pain, saved.red_flags, saved.red_flags_ticked_at) == (4, [flag], NOON)
    assert response.url == ticked_page(saved)
    page = as_alice.get(response.url)
    assert page.context["names"] == [RedFlag(flag).label]
    assert calls(page) == ["999"]
    assert main_of(page).startswith("Call 999 now, or go to an emergency department You ticked")
    assert "Your entry is saved" in main_of(page)


def test_number_to_call_is_the_person_s_own(as_alice, alice):
    alice.emergency_number = "911"
    alice.save()
    flagged = CheckInFactory(user=alice, red_flags=["bladder"])
    assert calls(as_alice.get(ticked_page(flagged))) == ["911"]


def test_page_of_its_own_saves_red_flags_alone(as_alice, alice):
    condition = ConditionFactory(user=alice)
    response = as_alice.post(PAGE, typed(red_flags=["bowel", "bladder"]))
    saved = CheckIn.objects.get()
    assert response.url == ticked_page(saved)
    assert saved.red_flag_names == [RedFlag.BLADDER.short, RedFlag.BOWEL.short]
    assert (saved.condition, saved.leg_pain, saved.back_pain) == (condition, None, None)
    assert saved.summary() == "Bladder, bowels"


def test_page_of_its_own_saves_once_however_often_it_is_sent(as_alice, alice):
    form = typed(red_flags=["bladder"])
    first, again = (as_alice.post(PAGE, form) for _ in range(2))
    assert first.url == again.url == ticked_page(CheckIn.objects.get())


def test_nothing_ticked_is_nothing_saved(as_alice, alice):
    response = as_alice.post(PAGE, typed())
    assert (response.status_code, CheckIn.objects.count()) == (422, 0)
    assert response.context["form"].errors == {
        "red_flags": ["Tick what has begun. If nothing has, there is nothing to save."]
    }


def test_page_presets_nothing(as_alice, alice):
    CheckInFactory(user=alice, red_flags=["bladder"])
    assert " checked" not in as_alice.get(PAGE).content.decode()


def change(browser, check_in, **fields):
    url = reverse("diary:checkin_edit", args=[check_in.pk])
    data = {
        "client_id": check_in.client_id,
        "version": check_in.version,
        "rated_at": "2026-03-10T11:00",
    }
    return browser.post(url, data | fields)


def test_change_interrupts_only_where_a_red_flag_is_new(as_alice, alice):
    entry = CheckInFactory(user=alice, rated_at=NOON - HOUR, red_flags=["bladder"])
    response = change(as_alice, entry, leg_pain="4", red_flags=["bladder"])
    entry.refresh_from_db()
    assert response.url == entry.day_url()
    assert entry.red_flags_ticked_at == NOON - HOUR
    response = change(as_alice, entry, leg_pain="4", red_flags=["bladder", "bowel"])
    entry.refresh_from_db()
    assert response.url == ticked_page(entry)
    assert entry.red_flags_ticked_at == NOON
    change(as_alice, entry, leg_pain="4")
    entry.refresh_from_db()
    assert (entry.red_flags, entry.red_flags_ticked_at) == ([], None)


def test_entry_without_red_flags_has_no_such_page(as_alice, alice):
    assert as_alice.get(ticked_page(CheckInFactory(user=alice))).url == "/today/"


@pytest.mark.parametrize("name", ["red_flags_ticked", "both_legs", "red_flags_not_seen"])
def test_what_is_somebody_else_s_is_missing(as_alice, charlie, name):
    owned = {
        "red_flags_ticked": CheckInFactory(user=charlie, red_flags=["bladder"]),
        "both_legs": ConditionFactory(user=charlie),
        "red_flags_not_seen": RedFlagReviewFactory(user=charlie),
    }[name]
    url = reverse(f"diary:{name}", args=[owned.pk])
    response = as_alice.post(url) if name == "red_flags_not_seen" else as_alice.get(url)
    assert (response.status_code, RedFlagReview.objects.count()) == (404, 1)


def said_to_be_open(browser):
    shown = browser.get(PAGE).context["red_flags"]
    return shown and [str(name) for name in shown.names]


def test_seen_closes_what_was_ticked_until_it_is_ticked_anew(as_alice, alice, charlie):
    CheckInFactory(user=alice, rated_at=NOON - HOUR, red_flags=["bowel", "bladder"])
    CheckInFactory(user=charlie, red_flags=["sexual"])
    assert said_to_be_open(as_alice) == ["bladder", "bowels"]
    assert as_alice.post(SEEN).url == PAGE
    assert RedFlagReview.objects.values_list("user", "seen_at").get() == (alice.pk, NOON)
    assert said_to_be_open(as_alice) is None
    with time_machine.travel(NOON + HOUR, tick=False):
        as_alice.post(PAGE, typed(red_flags=["bowel"]))
        assert said_to_be_open(as_alice) == ["bowels"]


def test_seen_can_be_taken_back(as_alice, alice):
    CheckInFactory(user=alice, rated_at=NOON - HOUR, red_flags=["bladder"])
    as_alice.post(SEEN)
    review = as_alice.get(PAGE).context["review"]
    as_alice.post(reverse("diary:red_flags_not_seen", args=[review.pk]))
    assert said_to_be_open(as_alice) == ["bladder"]
    assert as_alice.get(PAGE).context["review"] is None


def test_somebody_else_s_visit_closes_nothing(as_alice, alice, charlie):
    CheckInFactory(user=alice, rated_at=NOON - HOUR, red_flags=["bladder"])
    RedFlagReviewFactory(user=charlie)
    assert said_to_be_open(as_alice) == ["bladder"]


@pytest.mark.parametrize(
    ("ago", "is_open"),
    [(timedelta(days=14) - timedelta(seconds=1), True), (timedelta(days=14), False)],
)
def test_red_flag_is_open_for_fourteen_days(as_alice, alice, ago, is_open):
    CheckInFactory(user=alice, rated_at=NOON - ago, red_flags=["bladder"])
    assert (said_to_be_open(as_alice) is not None) is is_open


def test_red_flag_ticked_now_in_an_old_entry_is_open(as_alice, alice):
    """It counts when it was ticked, whatever day the entry is about, and after a visit too."""
    entry = CheckInFactory(user=alice, rated_at=NOON - timedelta(days=60))
    RedFlagReviewFactory(user=alice, seen_at=NOON - HOUR)
    change(as_alice, entry, rated_at="2026-01-09T12:00", red_flags=["bladder"])
    assert said_to_be_open(as_alice) == ["bladder"]


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_cost_the_same_queries(as_alice, alice, django_assert_num_queries, rows):
    for number in range(rows):
        flagged = CheckInFactory(user=alice, red_flags=["bladder"])
        RedFlagReviewFactory(user=alice, seen_at=NOON - HOUR)
        condition = ConditionFactory(user=alice, name=f"Condition {number}")
    urls = {
        PAGE: 7,
        ticked_page(flagged): 3,
        reverse("diary:both_legs", args=[condition.pk]): 3,
    }
    for url, queries in urls.items():
        with django_assert_num_queries(queries):
            assert as_alice.get(url).status_code == 200


def both_legs_page(condition):
    return reverse("diary:both_legs", args=[condition.pk])


def test_both_sides_for_the_first_time_asks_whether_it_is_new(as_alice, alice):
    condition = ConditionFactory(user=alice)
    response = as_alice.post(NEW, typed(leg_pain="4", side="both"))
    assert response.url == both_legs_page(condition)
    assert [str(m) for m in get_messages(response.wsgi_request)] == ["Saved. Leg pain 4, both"]
    assert as_alice.post(NEW, typed(leg_pain="4", side="both")).url == "/today/"


def test_session_of_both_sides_asks_too(as_alice, alice):
    condition, mat = ConditionFactory(user=alice), TreatmentFactory(user=alice)
    WaitPlanFactory(user=alice, one_in=HowOften.NEVER)
    form = typed(did=[mat.pk], pain_before="4", side="both")
    assert as_alice.post("/sessions/start/", form).url == both_legs_page(condition)
    assert TreatmentSession.objects.get().side == "both"
    assert as_alice.post(NEW, typed(leg_pain="4", side="both")).url == "/today/"


@pytest.mark.parametrize("earlier", ["session", "red flag", "usual side", "one side"])
def test_both_sides_that_are_known_are_not_asked_about(as_alice, alice, charlie, earlier):
    condition = ConditionFactory(user=alice, usual_side="both" if earlier == "usual side" else "")
    CheckInFactory(user=charlie, side="both")
    CheckInFactory(user=alice, condition=condition, side="left")
    if earlier == "session":
        TreatmentSessionFactory(user=alice, condition=condition, side="both")
    if earlier == "red flag":
        CheckInFactory(user=alice, condition=condition, red_flags=["both_legs"])
    response = as_alice.post(NEW, typed(leg_pain="4", side="both"))
    asked = both_legs_page(condition) if earlier == "one side" else "/today/"
    assert response.url == asked


def test_both_sides_are_asked_about_in_each_condition(as_alice, alice):
    back, arm = (ConditionFactory(user=alice, name=name) for name in ("Back", "Arm"))
    CheckInFactory(user=alice, condition=arm, side="both")
    form = typed(leg_pain="4", side="both", condition=back.pk)
    assert as_alice.post(NEW, form).url == both_legs_page(back)


def test_answer_that_both_legs_are_new_is_a_red_flag(as_alice, alice):
    condition = ConditionFactory(user=alice)
    page = as_alice.get(both_legs_page(condition)).content.decode()
    sent = dict(re.findall(r'name="(client_id|condition|red_flags)"[^>]* value="([^"]*)"', page))
    assert (sent["condition"], sent["red_flags"]) == (str(condition.pk), "both_legs")
    response = as_alice.post(PAGE, sent)
    saved = CheckIn.objects.get()
    assert (saved.red_flags, saved.condition) == (["both_legs"], condition)
    assert response.url == ticked_page(saved)


def test_changing_an_entry_to_both_sides_asks_and_leaving_it_does_not(as_alice, alice):
    entry = CheckInFactory(user=alice, rated_at=NOON - HOUR, side="left")
    response = change(as_alice, entry, leg_pain="4", side="both")
    assert response.url == both_legs_page(entry.condition)
    entry.refresh_from_db()
    assert change(as_alice, entry, leg_pain="5", side="both").url == entry.day_url()


def test_diary_shows_what_was_ticked(as_alice, alice):
    CheckInFactory(user=alice, red_flags=["bladder", "leg_weakness"])
    chips = re.findall(
        r'<span class="chip chip-danger">([^<]*)</span>', as_alice.get("/diary/").content.decode()
    )
    assert chips == ["bladder", "weakness in a leg or foot"]


def test_today_leads_with_what_is_open_and_always_links_the_list(as_alice, alice):
    quiet = as_alice.get("/today/")
    assert f'href="{PAGE}"' in quiet.content.decode()
    assert "Ticked on" not in main_of(quiet)
    CheckInFactory(user=alice, rated_at=NOON - HOUR, red_flags=["bladder"])
    text = main_of(as_alice.get("/today/"))
    line = "Ticked on 10 Mar: bladder. Not seen by a doctor? Do not wait."
    assert 0 < text.index(line) < text.index("Leg pain")
    as_alice.post(SEEN)
    assert line not in main_of(as_alice.get("/today/"))
