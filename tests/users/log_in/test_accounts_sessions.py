from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from apps.users.templatetags.devices import device_name
from tests.users.pages import log_in

PHONE = "Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/126.0.0.0 Mobile Safari/537.36"


def logged_in(person, user_agent=PHONE):
    client = Client(headers={"User-Agent": user_agent})
    log_in(client, person.email)
    return client


def session_of(client):
    return UserSession.objects.get(session_key=client.session.session_key)


def is_logged_in(client):
    return client.get(reverse("users:settings")).status_code == 200


def test_list_shows_ones_own_sessions_only(alice, charlie, without_mail):
    laptop, phone, stranger = logged_in(alice), logged_in(alice), logged_in(charlie)
    page = laptop.get(reverse("usersessions_list"))
    assert set(page.context["sessions"]) == {session_of(laptop), session_of(phone)}
    assert session_of(stranger) not in page.context["sessions"]


def test_session_can_be_ended_from_another_device(alice, without_mail):
    laptop, phone = logged_in(alice), logged_in(alice)
    response = laptop.post(reverse("users:end_session", args=[session_of(phone).pk]))
    assert response.headers["Location"] == reverse("usersessions_list")
    assert (is_logged_in(laptop), is_logged_in(phone)) == (True, False)


def test_somebody_elses_session_is_not_found(alice, charlie, without_mail):
    laptop, stranger = logged_in(alice), logged_in(charlie)
    response = laptop.post(reverse("users:end_session", args=[session_of(stranger).pk]))
    assert response.status_code == 404
    assert is_logged_in(stranger)


def test_session_in_use_is_ended_by_logging_out_only(alice, without_mail):
    laptop = logged_in(alice)
    response = laptop.post(reverse("users:end_session", args=[session_of(laptop).pk]))
    assert response.status_code == 404
    assert laptop.get(reverse("users:end_session", args=[1])).status_code == 405


def test_all_other_sessions_end_at_once(alice, without_mail):
    laptop, phone, tablet = logged_in(alice), logged_in(alice), logged_in(alice)
    laptop.post(reverse("usersessions_list"))
    assert [is_logged_in(c) for c in (laptop, phone, tablet)] == [True, False, False]


def test_device_is_named_in_words():
    edge = "Mozilla/5.0 (Windows NT 10.0) Chrome/126.0.0.0 Safari/537.36 Edg/126.0"
    safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1"
    assert [device_name(ua) for ua in (PHONE, edge, safari, "curl/8", "")] == [
        "Chrome, Android",
        "Edge, Windows",
        "Safari, iPhone",
        "Unknown device",
        "Unknown device",
    ]
