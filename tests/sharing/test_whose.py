"""Whose it is, in which language, from which day: what the form of a link asks, and who opened."""

import re
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.template.loader import render_to_string

from apps.sharing.models import ShareLink
from apps.sharing.report.report import report
from tests.factories import NOON, CheckInFactory, ShareLinkFactory, ShareVisitFactory
from tests.sharing.reading import page, reader
from tests.sharing.reports import scope_of
from tests.sharing.test_owner import LIST, NEW, choices

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
FIRST = date(2026, 2, 1)


@pytest.fixture(autouse=True)
def noon(time_machine):
    cache.clear()
    time_machine.move_to(NOON, tick=False)


def words(html):
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def read(link):
    return reader(link).get(page(link))


def test_name_and_language_are_asked_and_kept(as_alice, alice):
    as_alice.post(NEW, choices(alice, whose="A. B.", language="de"))
    link = ShareLink.objects.get()
    assert (link.whose, link.language) == ("A. B.", "de")
    listed = words(as_alice.get(LIST).content.decode())
    assert "On top A. B." in listed
    assert "Language Deutsch" in listed


def test_name_and_language_may_be_left_out(as_alice, alice):
    as_alice.post(NEW, choices(alice))
    link = ShareLink.objects.get()
    assert (link.whose, link.language) == ("", "")
    listed = words(as_alice.get(LIST).content.decode())
    assert "On top" not in listed
    assert "Language" not in listed


@pytest.mark.parametrize(
    ("own", "chosen", "said"),
    [
        ("de", "", ("de", "Schmerztagebuch")),
        ("de", "en-gb", ("en-gb", "Pain diary")),
        ("", "de", ("de", "Schmerztagebuch")),
        ("", "", ("en-gb", "Pain diary")),
    ],
)
def test_report_speaks_the_language_of_its_reader(alice, own, chosen, said):
    alice.language = own
    alice.save()
    CheckInFactory(user=alice)
    response = read(ShareLinkFactory(user=alice, language=chosen))
    language, title = said
    assert response.headers["Content-Language"] == language
    assert f"<title>{title}" in " ".join(response.content.decode().split())


def test_name_stands_on_top_and_in_the_running_head(alice):
    CheckInFactory(user=alice)
    html = read(ShareLinkFactory(user=alice, whose="A. B.")).content.decode()
    assert "A. B. · Pain diary, for" in words(html)
    assert "A. B. · Sciatica: pain diary for" in words(html)
    assert 'class="ruled"' not in html
    assert "Printed on 10 March 2026" in words(html)


def test_without_a_name_the_print_has_lines_for_it(alice):
    CheckInFactory(user=alice)
    html = read(ShareLinkFactory(user=alice)).content.decode()
    assert re.findall(r'class="ruled">(\w+)<', html) == ["Name", "Born"]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (FIRST - DAY, "The diary goes back to 31 January 2026; this link shows from 1 February 2026."),
        (FIRST, None),
    ],
)  # fmt: skip
def test_report_says_from_when_it_shows_and_how_far_the_diary_goes_back(alice, entry, said):
    CheckInFactory(user=alice, rated_at=NOON.replace(month=entry.month, day=entry.day))
    CheckInFactory(user=alice, rated_at=NOON - 20 * DAY)
    found = report(scope_of(alice, FIRST, NOON.date()), at=NOON)
    text = words(render_to_string("sharing/report/report.html", found))
    assert ("goes back to" in text) is bool(said)
    assert said is None or said in text


def test_since_a_day_goes_up_to_the_day_it_is_opened(as_alice, alice, time_machine):
    CheckInFactory(user=alice, rated_at=NOON - 20 * DAY)
    as_alice.post(NEW, choices(alice, span="since", first_day="2026-02-01", last_day="2026-02-03"))
    link = ShareLink.objects.get()
    assert (link.first_day, link.last_day, link.is_moving) == (FIRST, None, False)
    assert "since 1 February 2026, up to the day it is opened" in words(
        as_alice.get(LIST).content.decode()
    )
    time_machine.move_to(NOON + 5 * DAY, tick=False)
    opened = ShareLinkFactory(user=alice, public_id="b" * 16, first_day=FIRST)
    assert "1 February 2026 to 15 March 2026" in words(read(opened).content.decode())


def test_since_needs_its_day(as_alice, alice):
    response = as_alice.post(NEW, choices(alice, span="since"))
    assert response.context["form"].errors == {"first_day": ["Give the day."]}


@pytest.mark.parametrize(
    ("days", "asked"),
    [
        ({"span": "fixed", "first_day": "2026-01-01", "last_day": "2026-01-31"},
         "No entry lies in these days: the diary goes from 1 March 2026 to 9 March 2026."),
        ({"span": "since", "first_day": "2026-03-10"},
         "No entry lies in these days: the diary goes from 1 March 2026 to 9 March 2026."),
        ({"span": "since", "first_day": "1926-03-01"},
         "Is the year right? The diary begins on 1 March 2026."),
    ],
)  # fmt: skip
def test_days_that_look_mistyped_are_asked_about_and_made_when_meant(as_alice, alice, days, asked):
    for day in (1, 9):
        CheckInFactory(user=alice, rated_at=NOON.replace(day=day))
    sent = choices(alice, **days)
    response = as_alice.post(NEW, sent)
    assert (response.status_code, ShareLink.objects.count()) == (422, 0)
    assert response.context["form"].errors == {"first_day": [asked]}
    assert 'name="is_sure"' in response.content.decode()
    assert response.context["form"]["for_whom"].value() == "Sam"
    assert as_alice.post(NEW, sent | {"is_sure": "on"}).status_code == 200
    assert ShareLink.objects.count() == 1


def test_days_with_entries_are_not_asked_about(as_alice, alice):
    CheckInFactory(user=alice, rated_at=NOON - 9 * DAY)
    assert 'name="is_sure"' not in as_alice.get(NEW).content.decode()
    assert (
        as_alice.post(NEW, choices(alice, span="since", first_day="2025-12-24")).status_code == 200
    )


def test_empty_diary_is_asked_about_only_where_days_are_chosen(as_alice, alice):
    response = as_alice.post(NEW, choices(alice, span="since", first_day="2026-03-01"))
    assert response.context["form"].errors == {
        "first_day": ["The diary has no entry yet. Is that what you mean?"]
    }
    assert as_alice.post(NEW, choices(alice)).status_code == 200


def test_owner_sees_that_it_was_perhaps_a_program(as_alice, alice):
    link = ShareLinkFactory(user=alice)
    ShareVisitFactory(user=alice, link=link, is_program=True)
    assert "(perhaps a program)" in words(as_alice.get(LIST).content.decode())
    ShareVisitFactory(user=alice, link=link, visited_at=NOON + DAY)
    assert words(as_alice.get(LIST).content.decode()).count("(perhaps a program)") == 1
