"""What is tested on some pages: the keyboard alone, errors and focus, no JavaScript; all in German."""

import pytest
from django.utils import timezone, translation

from apps.demo.rows import keep_diary
from apps.diary.models import CheckIn, TreatmentSession
from tests.browser.conftest import PHONE
from tests.browser.diary.test_main_job import tap
from tests.browser.every_page.test_pages import visits
from tests.browser.looks import width
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def demo():
    user = UserFactory(email="demo@example.com")
    keep_diary(user, at=timezone.now())
    return user


def test_skip_link_leads_past_the_navigation(page, log_in, demo):
    log_in(demo)
    page.goto("/today/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("path", ["/conditions/new/", "/treatments/new/", "/sessions/new/"])
def test_errors_are_tied_to_their_fields_and_the_focus_is_on_them(page, log_in, demo, path):
    log_in(demo)
    page.goto(path)
    page.locator("main form button.btn-primary[type=submit]").first.click()
    page.locator("[data-error-summary]").wait_for()
    assert page.evaluate("document.activeElement.matches('[role=alert]')")
    invalid = page.locator("main [aria-invalid=true]")
    assert invalid.count() > 0
    for field in invalid.all():
        described = field.get_attribute("aria-describedby") or field.evaluate(
            "(each) => each.closest('fieldset')?.getAttribute('aria-describedby') ?? ''"
        )
        assert any(page.locator(f"#{each}_error, #{each}").count() for each in described.split())


@pytest.mark.parametrize("locale", ["de-DE"])
def test_no_page_in_german_is_wider_than_a_phone(page, log_in):
    user = UserFactory(language="de")
    with translation.override("de"):
        keep_diary(user, at=timezone.now())
    too_wide = {}
    for name, path in visits(user, log_in):
        page.goto(path)
        assert page.locator("html").get_attribute("lang") == "de"
        if width(page) > 360:
            too_wide[name] = width(page)
    assert too_wide == {}


@pytest.fixture
def plain(browser, live):
    """A phone whose browser runs no JavaScript."""
    context = browser.new_context(
        base_url=live, viewport=PHONE, locale="en-GB", java_script_enabled=False
    )
    yield context.new_page()
    context.close()


def test_whole_job_works_without_javascript(plain):
    """Sign up, check in, start and finish a session, change, delete, bring back, settings."""
    plain.goto("/accounts/signup/")
    plain.get_by_label("E-mail address").fill("plain@example.com")
    plain.get_by_label("Password", exact=False).first.fill("a long enough phrase")
    plain.locator('input[name="consent"]').check()
    plain.get_by_role("button", name="Start my diary").click()
    plain.goto("/today/")
    tap(plain, "leg_pain", 3)
    plain.get_by_role("button", name="Save", exact=True).click()
    plain.goto("/sessions/start/")
    plain.locator('button[name="pain_before"][value="6"]').click()
    session = TreatmentSession.objects.get()
    plain.goto(f"/sessions/{session.pk}/finish/")
    plain.get_by_text("Save anyway").click()  # it is under 10 minutes
    plain.locator('button[name="pain_after"][value="4"]').click()
    session.refresh_from_db()
    assert (session.pain_before, session.pain_after) == (6, 4)

    check_in = CheckIn.objects.get()
    plain.goto(f"/check-ins/{check_in.pk}/edit/")
    tap(plain, "leg_pain", 0)
    plain.get_by_role("button", name="Save", exact=True).click()
    check_in.refresh_from_db()
    assert check_in.leg_pain == 0
    plain.goto(f"/check-ins/{check_in.pk}/edit/")
    plain.get_by_role("button", name="Delete this entry").click()
    assert not CheckIn.objects.exists()
    plain.get_by_role("button", name="Undo").click()
    assert CheckIn.objects.get().leg_pain == 0

    plain.goto("/settings/")
    plain.get_by_label("Language").select_option("de")
    plain.locator("main form button.btn-primary").first.click()
    assert plain.locator("h1").inner_text() == "Einstellungen"
