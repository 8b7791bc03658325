"""What a visitor of the demo reads: before and after flatters stretching, the comparison does not."""

import re

import pytest

pytestmark = pytest.mark.django_db(transaction=True)


def signed(cell):
    return float(cell.replace("−", "-"))


def columns(table):
    """The open table of a chart: a dict of its cells for each name in the first column."""
    heading = table.locator("thead th").all_inner_texts()
    rows = [row.locator("th, td").all_inner_texts() for row in table.locator("tbody tr").all()]
    return {row[0]: dict(zip(heading, row, strict=True)) for row in rows}


def open_table(page):
    page.get_by_text("The same numbers as a table").click()
    return columns(page.locator(".chart table, .folds table"))


def words_of(page, treatment):
    card = page.locator(".folds section", has=page.get_by_role("heading", name=treatment))
    return card.locator(".verdict-words").inner_text(), card.inner_text()


def test_compare_of_the_demo_contradicts_before_and_after_about_stretching(page):
    page.goto("/")
    page.get_by_role("button", name="Try the demo diary").click()
    page.wait_for_url("**/compare/")
    raw = {name: signed(row["Change after it"]) for name, row in open_table(page).items()}
    assert raw["Stretching"] < -1.3
    assert raw["Stretching"] < raw["Acupressure mat"]

    page.get_by_text("How sure are these words?").click()
    words, card = words_of(page, "Stretching")
    assert words == "No difference you would notice between this and waiting, 46 minutes after."
    assert re.findall(r"(?i)probably|leaning", card) == []
    words, _ = words_of(page, "Acupressure mat")
    assert words.startswith(
        "Probably more than coincidence: 44 minutes after, pain was lower than when you waited."
    )


def test_visitor_sees_the_same_before_trying(page):
    page.goto("/")
    home = open_table(page)
    page.get_by_role("button", name="Try the demo diary").click()
    page.wait_for_url("**/compare/")
    assert open_table(page) == home


def test_visitor_leaves_the_demo(page):
    page.goto("/")
    page.get_by_role("button", name="Try the demo diary").click()
    page.get_by_role("button", name="Leave it").click()
    page.get_by_role("link", name="Start a diary").wait_for()
