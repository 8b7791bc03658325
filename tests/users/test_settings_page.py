from django.urls import reverse

from tests.factories import UserFactory

URL = "/settings/"


def test_settings_saves_time_zone_and_currency(as_alice, alice):
    response = as_alice.post(URL, {"time_zone": "Asia/Kolkata", "currency": "INR"})
    assert response.headers["Location"] == reverse("users:settings")
    alice.refresh_from_db()
    assert (alice.time_zone, alice.currency) == ("Asia/Kolkata", "INR")


def test_settings_changes_nobody_else(as_alice):
    other = UserFactory(time_zone="Europe/London")
    as_alice.post(URL, {"time_zone": "Asia/Kolkata", "currency": "INR"})
    other.refresh_from_db()
    assert other.time_zone == "Europe/London"


def test_settings_refuses_an_unknown_time_zone_and_keeps_what_was_typed(as_alice, alice):
    response = as_alice.post(URL, {"time_zone": "Mars/Olympus", "currency": "EUR"})
    form = response.context["form"]
    assert response.status_code == 422
    assert form.errors == {
        "time_zone": [
            "“Mars/Olympus” is not a time zone we know. Choose one such as Europe/London."
        ]
    }
    assert (form["time_zone"].value(), form["currency"].value()) == ("Mars/Olympus", "EUR")
    alice.refresh_from_db()
    assert alice.time_zone == "Europe/London"


def test_settings_refuses_odd_input(as_alice):
    for time_zone, currency in [("", "GBP"), ("Europe/London", "ZZZ"), ("a\0", "GBP")]:
        data = {"time_zone": time_zone, "currency": currency}
        assert as_alice.post(URL, data).status_code == 422


def test_settings_cannot_change_the_address(as_alice, alice):
    as_alice.post(URL, {"time_zone": "UTC", "currency": "GBP", "email": "x@example.com"})
    alice.refresh_from_db()
    assert alice.email == "alice@example.com"


def test_settings_links_everything_about_the_account(as_alice):
    main = as_alice.get(URL).content.decode().partition("<main")[2].partition("</main>")[0]
    for name in [
        "account_email",
        "account_change_password",
        "mfa_index",
        "usersessions_list",
        "your_data:data",
    ]:
        assert f'href="{reverse(name)}"' in main


def test_settings_offers_places_and_not_offsets(as_alice):
    page = as_alice.get(URL).content.decode()
    assert '<option value="Europe/London"></option>' in page
    assert "Etc/" not in page


def test_settings_asks_the_database_only_for_the_session_and_the_person(
    as_alice, django_assert_num_queries
):
    with django_assert_num_queries(2):
        as_alice.get(URL)


def test_settings_save_the_emergency_number_and_offer_the_zone_s(as_alice, alice):
    data = {"time_zone": "Europe/Dublin", "currency": "EUR"}
    as_alice.post(URL, data | {"emergency_number": "999"})
    alice.refresh_from_db()
    assert alice.number_to_call == "999"
    as_alice.post(URL, data)
    alice.refresh_from_db()
    assert (alice.emergency_number, alice.number_to_call) == ("", "112")
    offered = as_alice.get(URL).context["form"].fields["emergency_number"].choices
    assert offered[0] == ("", "by my time zone: 112")
    assert as_alice.post(URL, data | {"emergency_number": "118"}).status_code == 422
