"""How many bytes a phone has to fetch, on the first visit and on the next."""

import pytest
from django.utils import timezone

from apps.demo.rows import keep_diary
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

NEXT_VISIT = 10_000


@pytest.fixture
def fetched(page):
    """Call it with a path: the bytes over the wire, headers included, until all is quiet, and in
    how many answers they came."""
    protocol = page.context.new_cdp_session(page)
    protocol.send("Network.enable")
    sizes = []
    protocol.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))

    def fetched(path):
        sizes.clear()
        page.goto(path, wait_until="networkidle")
        return sum(sizes), sum(size > 0 for size in sizes)

    return fetched


@pytest.mark.parametrize(
    ("path", "first_visit", "files"),
    [("/today/", 32_000, 10), ("/compare/", 38_000, 14), ("/timeline/", 115_000, 18)],
)
def test_pages_are_light_on_the_wire(fetched, log_in, path, first_visit, files):
    user = UserFactory()
    keep_diary(user, at=timezone.now())
    log_in(user)
    (first, count), (following, _count) = fetched(path), fetched(path)
    assert (20_000 < first <= first_visit, 1_000 < following <= NEXT_VISIT) == (True, True)
    assert 6 < count <= files
