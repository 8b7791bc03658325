"""The main job on a phone: sign up, say what hurts, keep the diary, see it on the charts."""

import pytest

from apps.diary.models import CheckIn, TreatmentSession
from apps.treatments.models import Treatment
from tests.factories import ConditionFactory, TreatmentFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

DIARY = """kind,at,condition,side,leg_pain,treatments,pain_before,pain_after,after_at
checkin,2026-01-05T08:00:00+00:00,Sciatica,left,6,,,,
session,2026-01-05T09:00:00+00:00,Sciatica,left,,Acupressure mat [acupressure_mat],7,5,2026-01-05T09:45:00+00:00
session,2026-01-06T09:00:00+00:00,Sciatica,left,,,6,6,2026-01-06T09:45:00+00:00
"""


def tap(page, field, rating):
    page.locator(f'label:has(input[name="{field}"][value="{rating}"])').click()


def table_of(page):
    page.get_by_text("The same numbers as a table").first.click()
    return [
        row.locator("th, td").all_inner_texts()
        for row in page.locator("figure.chart table tbody").first.locator("tr").all()
    ]


def sign_up(page):
    page.goto("/")
    page.locator("main").get_by_role("link", name="Start a diary").first.click()
    page.get_by_label("E-mail address").fill("new.person@example.com")
    page.get_by_label("Password", exact=False).first.fill("a long enough phrase")
    page.get_by_label("I agree").check()
    page.get_by_role("button", name="Start my diary").click()
    page.wait_for_url("**/first-run/")


def test_new_person_keeps_a_diary_and_sees_it_on_the_charts(page):
    sign_up(page)
    page.get_by_label("It switches").check()
    page.get_by_role("button", name="Next").click()
    page.get_by_label("Acupressure mat").check()
    page.get_by_label("Something of your own").fill("Cupping")
    page.get_by_role("button", name="Next").click()
    page.get_by_label("For longer").check()
    page.get_by_label("About which day?").fill("2026-01-02")
    tap(page, "pain_before_from_memory", 7)
    page.get_by_role("button", name="Next: Cupping").click()
    page.get_by_role("button", name="Skip", exact=True).click()
    page.get_by_role("link", name="Rate how it is now").click()
    page.wait_for_url("**/today/")
    assert list(Treatment.objects.values_list("name", "pain_before_from_memory")) == [
        ("Acupressure mat", 7),
        ("Cupping", None),
    ]

    page.goto("/your-data/")
    page.locator('input[type="file"]').set_input_files(
        {"name": "diary.csv", "mimeType": "text/csv", "buffer": DIARY.encode()}
    )
    page.get_by_role("button", name="Look at the file").click()
    page.get_by_text("5 January 2026 to 6 January 2026").wait_for()
    page.get_by_role("button", name="Import now").dblclick()
    page.get_by_text("3 new entries are in your diary").wait_for()

    page.goto("/today/")
    tap(page, "leg_pain", 4)
    tap(page, "back_pain", 0)
    tap(page, "side", "right")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved. Leg pain 4, back pain 0, right").wait_for()

    page.locator("main").get_by_role("link", name="Wait and see", exact=True).click()
    page.get_by_role("button", name="6", exact=True).click()
    page.get_by_role("link", name="Rate again", exact=True).click()
    page.get_by_text("Save anyway").click()
    page.get_by_role("button", name="0: no pain").click()
    page.get_by_text("Saved. Wait and see: pain 6 before, 0 after").wait_for()

    page.goto("/timeline/?range=all")
    rows = table_of(page)
    assert [row[1:3] for row in rows if row[1] == "4"] == [["4", "0"]]
    page.goto("/treatments/waiting/card/?range=all")
    assert [row[2:4] for row in table_of(page)] == [["6", "0"], ["6", "6"]]


def test_check_in_and_session_work_without_javascript(browser, live, log_in, context):
    user = UserFactory()
    ConditionFactory(user=user)
    TreatmentFactory(user=user)
    log_in(user)
    plain = browser.new_context(
        base_url=live, java_script_enabled=False, storage_state=context.storage_state()
    )
    page = plain.new_page()
    page.goto("/today/")
    tap(page, "leg_pain", 3)
    page.get_by_role("button", name="Say more").click()
    page.locator("details.fold summary").first.click()
    page.get_by_label("Note", exact=False).fill("sat through a film")
    page.get_by_role("button", name="Save").click()
    page.goto("/sessions/new/")
    page.get_by_label("Acupressure mat").check()
    tap(page, "pain_before", 5)
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/today/")
    plain.close()
    assert CheckIn.objects.values_list("leg_pain", "note").get() == (3, "sat through a film")
    assert TreatmentSession.objects.values_list("pain_before", "pain_after").get() == (5, None)


def test_rating_by_keyboard_alone(page, log_in):
    user = UserFactory()
    ConditionFactory(user=user)
    log_in(user)
    page.goto("/today/")
    page.locator('input[name="leg_pain"]').first.focus()
    page.keyboard.press("7")
    assert page.locator('input[name="leg_pain"]:checked').get_attribute("value") == "7"
    page.keyboard.press("Tab")
    page.keyboard.press("0")
    assert page.locator('input[name="back_pain"]:checked').get_attribute("value") == "0"
    page.get_by_role("button", name="Save").press("Enter")
    page.get_by_text("Saved. Leg pain 7, back pain 0").wait_for()


def test_a_double_tap_makes_one_entry(page, log_in):
    user = UserFactory()
    ConditionFactory(user=user)
    log_in(user)
    page.goto("/today/")
    tap(page, "leg_pain", 7)
    page.get_by_role("button", name="Save").dblclick()
    page.get_by_text("Saved. Leg pain 7").wait_for()
    assert CheckIn.objects.count() == 1


def test_two_tabs_lose_nothing(page, context, log_in):
    user = UserFactory()
    ConditionFactory(user=user)
    log_in(user)
    page.goto("/today/")
    tap(page, "leg_pain", 7)
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.").wait_for()
    url = f"/check-ins/{CheckIn.objects.get().pk}/edit/"
    other = context.new_page()
    page.goto(url)
    other.goto(url)
    tap(other, "leg_pain", 2)
    other.get_by_role("button", name="Save").click()
    other.wait_for_url("**/diary/**")
    tap(page, "leg_pain", 9)
    page.get_by_role("button", name="Save").click()
    page.get_by_text("It now says: Leg pain 2").wait_for()
    assert page.locator('input[name="leg_pain"]:checked').get_attribute("value") == "9"
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/diary/**")
    assert CheckIn.objects.get().leg_pain == 9
