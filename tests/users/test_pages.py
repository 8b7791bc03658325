import re

import pytest
from django.test import Client
from django.urls import reverse

from config import errors

PLAIN_PAGES = {
    "home": "Has it worked, or was it a coincidence?",
    "method": "How we work it out",
    "privacy": "Privacy",
    "help_now": "When to get help now",
    "source": "Source code",
}
MAIN_PLACES = ["diary:today", "diary:list", "comparisons:compare", "treatments:list"]
TIMELINE = "comparisons:timeline"  # beside Compare where there is room
FURTHER_PLACES = ["conditions:list", "sharing:list", "your_data:data", "users:settings", "help_now"]
FOOT = ["/help-now/", "/method/", "/privacy/", "/appearance/", "/source/"]
NOT_A_DEVICE = (
    "This is not a medical device. It describes your own records; it does not diagnose or advise."
)


class Untouchable:
    """Stands where a session or a user would be, and fails whoever looks at it."""

    def __getattribute__(self, name):
        raise AssertionError(f"an error page read .{name}")


def found(pattern, response):
    return re.findall(pattern, response.content.decode(), re.DOTALL)


def headings(response):
    return found(r"<h1[^>]*>(.*?)</h1>", response)


def links_in(response, element, css_class):
    """Where the links in the one element with this class lead."""
    (inside,) = found(rf'<{element} class="[^"]*{css_class}[^"]*".*?</{element}>', response)
    return re.findall(r'<a [^>]*?href="(.*?)"', inside)


@pytest.mark.parametrize(("name", "heading"), PLAIN_PAGES.items())
def test_plain_page_is_public_and_asks_no_query(
    client, db, django_assert_num_queries, name, heading
):
    with django_assert_num_queries(0):
        response = client.get(reverse(name))
    assert (response.status_code, headings(response)) == (200, [heading])


@pytest.mark.parametrize("name", PLAIN_PAGES)
def test_plain_page_refuses_post(client, db, name):
    assert client.post(reverse(name)).status_code == 405


def test_home_offers_to_sign_up_and_to_log_in(client, db):
    response = client.get(reverse("home"))
    assert found(r'class="btn [^"]*" href="(.*?)"', response) == [
        reverse("account_signup"),
        reverse("method"),
    ]
    assert response.content.decode().count(f'href="{reverse("account_login")}"') == 1


def test_home_of_a_signed_in_person_is_today(as_alice):
    response = as_alice.get(reverse("home"))
    assert (response.status_code, response["Location"]) == (302, reverse("diary:today"))


def test_help_now_can_be_called_from_the_page(client, db):
    response = client.get(reverse("help_now"))
    assert found(r'href="tel:(\d+)"', response) == ["999", "112", "911", "111"]


def test_help_now_of_a_signed_in_person_calls_their_own_number(as_alice, alice):
    alice.time_zone = "America/Chicago"
    alice.save()
    response = as_alice.get(reverse("help_now"))
    assert found(r'href="tel:(\d+)"', response) == ["911"]
    words = "Call 911 or go to an emergency department now."
    assert found(r"<strong>(.*?)</strong>", response) == [words]


@pytest.mark.parametrize(
    ("language", "zone", "numbers"),
    [
        ("en-gb", "Europe/London", ["999", "111"]),
        ("en-gb", "UTC", ["112"]),
        ("de", "Europe/Berlin", ["112", "116117"]),
        ("de", "Europe/London", ["999"]),
    ],
)
def test_help_now_offers_the_advice_line_of_the_same_place_alone(
    as_alice, alice, language, zone, numbers
):
    """Nobody who calls 112 or 911 can reach the British 111."""
    alice.language, alice.time_zone = language, zone
    alice.save()
    response = as_alice.get(reverse("help_now"))
    assert found(r'href="tel:(\d+)"', response) == numbers


def test_help_now_without_a_log_in_holds_nothing_of_anybody(client, as_alice, alice):
    """A browser keeps this page for when it is offline."""
    as_alice.get(reverse("help_now"))
    strangers = [Client().get(reverse("help_now")) for _ in range(2)]
    assert strangers[0].content == strangers[1].content
    assert "alice" not in strangers[0].content.decode()
    assert [dict(response.cookies) for response in strangers] == [{}, {}]


def test_help_now_is_one_tap_in_the_head_of_every_page(client, as_alice):
    stranger = Client()
    for browser in (stranger, as_alice):
        for name in [*PLAIN_PAGES, *(MAIN_PLACES if browser is as_alice else [])]:
            response = browser.get(reverse(name), follow=True)
            assert found(r'class="help-link" href="([^"]*)"', response) == ["/help-now/"]
    assert found(r'class="help-link" href="([^"]*)"', as_alice.get("/nowhere/")) == ["/help-now/"]


def test_help_now_and_what_this_is_not_stand_at_the_foot_of_every_page(client, as_alice):
    for name in [*PLAIN_PAGES, *MAIN_PLACES, "users:settings"]:
        response = as_alice.get(reverse(name), follow=True)
        assert links_in(response, "footer", "site-footer") == FOOT
        assert found(r"<p>(This is not [^<]*)</p>", response) == [NOT_A_DEVICE]


def test_navigation_leads_to_the_same_places_on_phone_and_desktop(as_alice):
    response = as_alice.get(reverse("help_now"))
    places = [reverse(name) for name in MAIN_PLACES + FURTHER_PLACES]
    assert links_in(response, "nav", "bottom-nav") == places
    places.insert(3, reverse(TIMELINE))
    assert links_in(response, "nav", "site-nav-member") == places


@pytest.mark.parametrize("name", MAIN_PLACES)
def test_navigation_marks_where_one_is(as_alice, name):
    response = as_alice.get(reverse(name))
    marked = found(r'<a href="([^"]*)" aria-current="\w+"', response)
    assert (marked[0], marked[-1], set(marked)) == (reverse(name), reverse(name), {reverse(name)})


def test_navigation_of_a_phone_marks_compare_for_every_chart(as_alice):
    response = as_alice.get(reverse(TIMELINE))
    marked = found(r'<a href="([^"]*)" aria-current="\w+"', response)
    assert marked[0] == reverse(TIMELINE)
    assert marked[-1] == reverse("comparisons:compare")


def test_navigation_of_a_stranger_leads_to_the_account_pages(client, db):
    response = client.get(reverse("privacy"))
    assert links_in(response, "nav", "site-nav") == [
        reverse("account_login"),
        reverse("account_signup"),
    ]
    assert found("bottom-nav", response) == []


@pytest.mark.parametrize(
    ("view", "status", "heading"),
    [
        (errors.bad_request, 400, "We could not read that"),
        (errors.forbidden, 403, "Not allowed"),
        (errors.csrf_failure, 403, "That page was open too long"),
        (errors.not_found, 404, "There is no such page"),
        (errors.server_error, 500, "Something went wrong here"),
        (errors.unavailable, 503, "Back in a moment"),
    ],
)
def test_error_page_needs_neither_session_nor_user_nor_database(rf, view, status, heading):
    request = rf.get("/")
    request.session = request.user = Untouchable()
    response = view(request)
    assert (response.status_code, headings(response)) == (status, [heading])
    assert links_in(response, "footer", "site-footer") == FOOT


@pytest.mark.parametrize("name", ["your_data:data", "your_data:erase"])
def test_every_page_that_offers_the_files_says_what_csv_leaves_out(as_alice, name):
    said = (
        "Costs, periods, review dates, causes and what you expected of a treatment are not in CSV."
    )
    assert as_alice.get(reverse(name)).content.decode().count(said) == 1
