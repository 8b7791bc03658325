"""A code for the room: eight letters, ten minutes, once, for the same pass as the secret."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from apps.sharing.links.keys import Keys
from apps.sharing.links.room import LETTERS, letters_in, new_code, take
from apps.sharing.models import ShareLink, ShareVisit
from tests.factories import NOON, CheckInFactory, ShareLinkFactory
from tests.sharing.reading import page

pytestmark = pytest.mark.django_db
ROOM = "/s"
WRONG = "BCDFGHJK"


@pytest.fixture(autouse=True)
def noon(time_machine):
    cache.clear()
    time_machine.move_to(NOON, tick=False)
    return time_machine


@pytest.fixture
def link(alice):
    CheckInFactory(user=alice, leg_pain=7)
    return ShareLinkFactory(user=alice)


def send(client, letters):
    return client.post(ROOM, {"letters": letters})


def told(browser, link):
    """The letters as the owner's phone shows them."""
    path = reverse("sharing:room_code", args=[link.pk])
    shown = browser.post(path).content.decode()
    return " ".join(re.findall(r"<span>([A-Z]{4})</span>", shown))


def test_letters_open_the_report_once(as_alice, link):
    letters = told(as_alice, link)
    assert re.fullmatch(rf"[{LETTERS}]{{4}} [{LETTERS}]{{4}}", letters)
    reader, late = Client(), Client()
    assert send(reader, letters).url == page(link)
    report = reader.get(page(link))
    assert report.templates[0].name == "sharing/report/report.html"
    assert ShareVisit.objects.for_user(link.user).count() == 1
    assert send(late, letters).status_code == 422
    assert late.get(page(link)).templates[0].name == "sharing/links/gate.html"


@pytest.mark.parametrize("spell", [str.lower, lambda code: f" {'-'.join(code)}. "])
def test_letters_are_taken_however_they_are_typed(link, spell):
    assert send(Client(), spell(new_code(link))).status_code == 302


@pytest.mark.parametrize(("minutes", "status"), [(9, 302), (11, 422)])
def test_letters_last_ten_minutes(link, noon, minutes, status):
    code = new_code(link)
    noon.shift(timedelta(minutes=minutes))
    assert send(Client(), code).status_code == status


def test_new_letters_end_the_ones_before(link):
    first, second = new_code(link), new_code(link)
    assert [send(Client(), code).status_code for code in (first, second)] == [422, 302]


@pytest.mark.parametrize("how", ["revoked", "renewed", "expired", "deleted"])
def test_letters_of_a_link_that_has_ended_open_nothing(link, noon, how):
    code = new_code(link)
    if how == "revoked":
        ShareLink.objects.for_user(link.user).revoke(at=NOON)
    elif how == "renewed":
        link.renew(Keys.new(with_code=False), at=NOON)
    elif how == "expired":
        ShareLink.objects.update(expires_at=NOON + timedelta(minutes=1))
        noon.shift(timedelta(minutes=2))
    else:
        link.delete()
    assert send(Client(), code).status_code == 422


def test_six_digits_are_asked_for_after_the_letters_too(link):
    ShareLink.objects.update(code_hash=make_password("042137"))
    reader = Client()
    send(reader, new_code(link))
    assert reader.get(page(link)).templates[0].name == "sharing/links/code.html"


@pytest.mark.parametrize("letters", ["", WRONG, "BCDF GHJ", "ÄÖÜ", "B" * 500])
def test_wrong_letters_are_answered_alike(link, letters):
    new_code(link)
    response = send(Client(), letters)
    refused = ["These are not the letters, or their ten minutes are over. Ask for new ones."]
    assert (response.status_code, response.context["form"].errors["letters"]) == (422, refused)
    assert not response.cookies


def test_right_letters_do_not_help_whoever_has_tried_too_often(link):
    code, guesser = new_code(link), Client()
    found = {send(guesser, WRONG).status_code for _try in range(20)}
    assert (found, send(guesser, code).status_code) == ({422}, 429)
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert send(elsewhere, code).status_code == 302


def test_page_is_kept_by_nobody(link):
    for path in ("/s", "/s/"):
        response = Client().get(path)
        assert (response.status_code, response.headers["Cache-Control"]) == (200, "no-store")
        assert response.headers["Referrer-Policy"] == "no-referrer"


def test_only_the_owner_of_a_live_link_gets_letters(as_alice, link, charlie):
    theirs = ShareLinkFactory(user=charlie)
    assert as_alice.post(reverse("sharing:room_code", args=[theirs.pk])).status_code == 404
    ShareLink.objects.for_user(link.user).revoke(at=NOON)
    response = as_alice.post(reverse("sharing:room_code", args=[link.pk]))
    assert response.url == reverse("sharing:list")


def test_nothing_of_a_code_is_kept_in_the_clear(link):
    code = new_code(link)
    assert cache.get(code) is None
    assert take(letters_in("xx" + code)) is None
    assert take(code) == (link.public_id, 1)
    assert take(code) is None
