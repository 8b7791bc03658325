"""The start page on a phone: two ways in, and the product itself, without scrolling."""

import pytest

pytestmark = pytest.mark.django_db(transaction=True)

FOLD = 740
PLACES = """[...document.querySelectorAll(".hero-actions .btn, .product-answer .verdict")].map(
  (each) => each.getBoundingClientRect().bottom)"""


@pytest.mark.parametrize("locale", ["en-GB", "de"])
def test_both_ways_in_and_a_verdict_stand_on_the_first_screen(page):
    page.goto("/")
    places = page.evaluate(PLACES)
    assert [len(places), [bottom for bottom in places if bottom > FOLD]] == [3, []]
    assert max(places[:2]) < 320
    sideways = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(sideways) == 0


def test_a_chosen_theme_is_there_at_once_and_without_a_script(browser, live, page):
    plain = browser.new_context(base_url=live, java_script_enabled=False, color_scheme="light")
    visitor = plain.new_page()
    visitor.goto("/appearance/")
    visitor.get_by_label("Dark").check()
    visitor.get_by_role("button", name="Save").click()
    ground = "getComputedStyle(document.body).backgroundColor"
    assert visitor.evaluate(ground) == "rgb(27, 26, 25)"
    plain.close()
