"""Charts on paper: how many sheets they take, and that nothing is cut."""

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.demo.rows import keep_diary
from apps.treatments.models import Kind, Treatment
from tests.browser.sharing.paper import Paper, is_margin_empty
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def demo():
    user = UserFactory()
    keep_diary(user, at=timezone.now())
    return user


@pytest.mark.parametrize(
    ("name", "pages"), [("comparisons:treatment", 5), ("comparisons:compare", 2)]
)
def test_charts_take_few_sheets_and_nothing_is_cut(page, log_in, demo, name, pages):
    mat = Treatment.objects.for_user(demo).get(kind=Kind.ACUPRESSURE_MAT)
    log_in(demo)
    where = reverse(name, args=[mat.pk]) if name.endswith("treatment") else "/compare/?range=3m"
    page.goto(where)
    page.locator("canvas").last.wait_for(state="attached")
    paper = Paper(page)
    assert len(paper) == pages
    assert all(is_margin_empty(paper.pixels(number)) for number in range(pages))
    said = "".join(paper.text(number) for number in range(pages))
    figures = page.locator("figcaption").all_inner_texts()
    assert figures != []
    assert [title for title in figures if title not in said] == []
