"""Long words, and text at twice its size on a phone: one row of icons below, nothing that scrolls sideways."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import (
    CheckInFactory,
    TreatmentFactory,
    TreatmentSessionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)

ENLARGE = "document.documentElement.style.fontSize = '200%'"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
ROWS = """new Set([...document.querySelectorAll('.bottom-nav > ul > li')]
  .map((each) => each.getBoundingClientRect().top)).size"""
OFF_SCREEN = """[...document.querySelectorAll('main .nrs-button')].map((each) =>
  each.getBoundingClientRect()).filter((box) => box.left < 0 || box.right > innerWidth).length"""


@pytest.fixture(params=["", "de"])
def session(request, log_in):
    """Started 20 minutes ago by somebody who reads English, or German."""
    user = UserFactory(language=request.param)
    started = timezone.now() - timedelta(minutes=20)
    CheckInFactory(user=user, rated_at=started - timedelta(hours=2))
    log_in(user)
    mat = TreatmentFactory(user=user)
    return TreatmentSessionFactory(user=user, started_at=started, treatments=[mat])


def test_text_at_twice_its_size_fits_the_width(page, session):
    page.goto("/check-ins/new/")
    assert page.evaluate(SIDEWAYS) == 0
    own = f"/sessions/{session.pk}/"
    for path in ("/today/", own, f"{own}finish/", "/sessions/start/", "/check-ins/new/"):
        page.goto(path)
        page.evaluate(ENLARGE)
        found = [page.evaluate(script) for script in (SIDEWAYS, ROWS, OFF_SCREEN)]
        assert (path, found) == (path, [0, 1, 0])
    page.goto(f"{own}finish/")
    page.locator(".nrs-submit button[value='0']").click()
    page.locator(".reveal").wait_for()
    page.evaluate(ENLARGE)
    assert [page.evaluate(script) for script in (SIDEWAYS, ROWS)] == [0, 1]
    page.goto("/today/")
    assert page.locator(".bottom-nav li span").first.bounding_box()["height"] > 5
