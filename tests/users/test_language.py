"""Which language a person reads: the one they chose, else the one their browser asks for."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format

from apps.comparisons.charts.words import change, mean, points, signed
from apps.comparisons.reading.spans import in_words
from apps.treatments.catalogue import kinds_by_any_name
from apps.treatments.models import Kind
from apps.treatments.templatetags.money import money
from apps.users.models import User
from tests.constraints import refusing_constraint
from tests.factories import UserFactory
from tests.users.pages import ask_for_reset, sign_up

GERMAN = {"headers": {"accept-language": "de-AT,de;q=0.9,en;q=0.5"}}
FRENCH = {"headers": {"accept-language": "fr"}}
SETTINGS = "/settings/"


def language_of(response):
    lang = response.content.decode().partition('<html lang="')[2].partition('"')[0]
    assert response.headers["Content-Language"] == lang
    return lang


def test_visitors_read_what_their_browser_asks_for(client):
    assert language_of(client.get("/help-now/", **GERMAN)) == "de"
    assert language_of(client.get("/help-now/", **FRENCH)) == "en-gb"
    assert language_of(client.get("/help-now/")) == "en-gb"


def test_person_reads_their_language_whatever_the_browser_asks_for(client, db):
    client.force_login(UserFactory(language="de"))
    assert language_of(client.get("/today/", headers={"accept-language": "en"})) == "de"


def test_person_without_a_choice_reads_what_their_browser_asks_for(as_alice):
    assert language_of(as_alice.get("/today/", **GERMAN)) == "de"


def test_language_of_one_request_does_not_stay_for_the_next(client, db):
    reader = UserFactory(language="de")
    client.force_login(reader)
    client.get("/today/")
    client.logout()
    assert language_of(client.get("/help-now/")) == "en-gb"


@pytest.mark.parametrize("language", ["", "en-gb", "de"])
def test_settings_save_the_language(as_alice, alice, language):
    data = {"language": language, "time_zone": "Europe/Berlin", "currency": "EUR"}
    assert as_alice.post(SETTINGS, data).status_code == 302
    alice.refresh_from_db()
    assert alice.language == language
    assert language_of(as_alice.get(SETTINGS)) == (language or "en-gb")


def test_settings_refuse_a_language_there_is_not(as_alice, alice):
    data = {"language": "fr", "time_zone": "Europe/Paris", "currency": "EUR"}
    response = as_alice.post(SETTINGS, data)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["language"])
    alice.refresh_from_db()
    assert alice.language == ""


def test_database_refuses_a_language_there_is_not(db):
    assert refusing_constraint(lambda: UserFactory(language="fr")) == "user_language_is_known"


def test_sign_up_keeps_the_language_it_was_read_in(client, db, without_mail):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "de"
    sign_up(client)
    assert User.objects.get().language == "de"


def test_mail_is_in_the_language_of_who_gets_it(client, db):
    """The browser that asks may be somebody else's, and in another language."""
    UserFactory(email="de@example.com", language="de")
    UserFactory(email="en@example.com", language="en-gb")
    ask_for_reset(client, "de@example.com")
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "de"
    ask_for_reset(client, "en@example.com")
    german, english = mail.outbox
    with translation.override("de"):
        assert german.subject == translation.gettext(english.subject)
    assert german.subject != english.subject


def test_language_of_mails_falls_back_on_english():
    assert User(language="de").language_of_mails == "de"
    assert User().language_of_mails == "en-gb"


def test_days_and_times_are_written_as_the_language_does():
    day = date(2026, 3, 9)
    names = ["DATE_FORMAT", "WEEKDAY_DATE_FORMAT", "WEEKDAY_MONTH_DAY_FORMAT", "MONTH_DAY_FORMAT"]
    assert [date_format(day, name) for name in names] == [
        "9 March 2026",
        "Monday 9 March 2026",
        "Monday 9 March",
        "9 March",
    ]
    with translation.override("de"):
        assert [date_format(day, name) for name in names] == [
            "9.\N{NO-BREAK SPACE}März 2026",
            "Montag, 9.\N{NO-BREAK SPACE}März 2026",
            "Montag, 9.\N{NO-BREAK SPACE}März",
            "9.\N{NO-BREAK SPACE}März",
        ]


def test_days_of_charts_are_written_as_the_language_does():
    assert in_words([date(2026, 3, 9)]) == ["Mon 9 Mar 2026"]
    with translation.override("de"):
        assert in_words([date(2026, 3, 9)]) == ["Mo 9.\N{NO-BREAK SPACE}Mär 2026"]


def test_numbers_are_written_as_the_language_does():
    assert [mean(4), points(4.0), points(4.25), signed(-1.44)] == ["4.0", "4", "4.2", "−1.4"]
    with translation.override("de"):
        assert [mean(4), points(4.0), points(4.25), signed(-1.44)] == ["4,0", "4", "4,2", "−1,4"]
        assert signed(-0.04) == "0,0"


def test_means_that_print_alike_are_the_same_in_every_language():
    for language in ("en-gb", "de"):
        with translation.override(language):
            assert change(4.01, 4.02) == translation.gettext("the same")


def test_money_is_written_as_the_language_does():
    with translation.override("de"):
        assert money(Decimal("1234.5"), "EUR") == "1.234,50\N{NO-BREAK SPACE}€"
        assert money(Decimal("24.90"), "CHF") == "24,90\N{NO-BREAK SPACE}CHF"
        assert money(None, "EUR") == ""


def test_files_know_a_kind_by_its_name_in_either_language():
    with translation.override("de"):
        in_german = str(Kind.HEAT.label).casefold()
    found = kinds_by_any_name()
    assert found[in_german] == found["heat pack"] == Kind.HEAT


def test_files_and_fields_hold_what_machines_read_in_every_language(client, db):
    """A decimal comma or a day with dots would be refused when it comes back."""
    client.force_login(UserFactory(language="de"))
    day = {"started_on": "2026-03-09"}
    treatment = {"name": "Wärme", "kind": "heat", "setting": "home", "upfront_cost": "24.90"}
    treatment |= {"rate_again_after_minutes": 45, "review_on": "2027-03-09"}
    made = client.post(reverse("treatments:create"), treatment)
    address = made.headers["Location"]
    page = client.get(f"{address}edit/").content.decode()
    assert 'value="24.90"' in page
    assert 'value="2027-03-09"' in page
    assert client.post(f"{address}periods/new/", day).status_code == 302


def numbers_to_call(response):
    return re.findall(r'href="tel:(\d+)"', response.content.decode())


def test_visitors_are_first_offered_the_number_of_their_language(client, db):
    assert numbers_to_call(client.get("/help-now/")) == ["999", "112", "911", "111"]
    assert numbers_to_call(client.get("/help-now/", **GERMAN)) == ["112", "999", "911", "116117"]


def test_person_is_offered_their_own_number_in_every_language(client, db):
    client.force_login(UserFactory(language="de", time_zone="Europe/London"))
    assert numbers_to_call(client.get("/help-now/"))[0] == "999"
