"""Calls as a push service receives them, and what happens when it does not."""

import os
import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import connection

from apps.diary.calls import vapid, wire
from apps.diary.calls.sending import call_due
from apps.diary.models import Call, CallPlan, PushSubscription, TreatmentSession
from apps.diary.reminders.due import AT_A_TIME
from apps.users.models import User
from config.postgres import acting
from config.postgres.roles import WORK
from tests.diary.calls.push_service import (
    GOOGLE,
    HANG,
    MOZILLA,
    Browser,
    decoded,
    push_service,
    who_calls,
)
from tests.factories import (
    NOON,
    CallPlanFactory,
    CheckInFactory,
    TreatmentFactory,
    TreatmentSessionFactory,
    UserFactory,
)
from tests.servers import ROOT, address_of, free_port

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
DUE = NOON + 45 * MINUTE
EVENING = datetime(2026, 3, 10, 20, tzinfo=UTC)
AROUND = 10  # statements to find out who is called, and on which devices

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_our_address(settings):
    settings.SITE_URL = "https://diary.example.com"


@pytest.fixture
def service():
    with push_service() as (service, dial):
        service.seconds = wire.SECONDS
        service.call_due = lambda at: call_due(
            at=at, line=lambda host: wire.Line(host, dial, service.seconds)
        )
        yield service


def waiting(user, browser=None, **plan):
    """A person with a device and a wait that began at noon; it is due at a quarter to one."""
    browser = browser or Browser()
    browser.of(user)
    CallPlanFactory(user=user, for_sessions=True, **plan)
    browser.session = TreatmentSessionFactory(user=user)
    return browser


def minutes_called(service, minutes, step=5, start=NOON):
    return [
        minute
        for minute in range(0, minutes, step)
        for _call in range(service.call_due(start + minute * MINUTE))
    ]


# What arrives


def test_call_as_it_arrives(alice, service):
    browser = waiting(alice)
    assert service.call_due(DUE) == 1
    [said] = service.read_by(browser)
    tag = said["notification"].pop("tag")
    assert said == {
        "web_push": 8030,
        "notification": {
            "title": "Did it work?",
            "lang": "en-gb",
            "body": "Time to rate again",
            "navigate": f"https://diary.example.com/sessions/{browser.session.pk}/finish/",
        },
    }
    [headers] = service.headers_to(browser)
    assert (headers["TTL"], headers["Urgency"], headers["Topic"]) == ("11700", "high", tag)
    assert (headers["Content-Encoding"], headers["Host"]) == ("aes128gcm", GOOGLE)
    assert re.fullmatch(r"[A-Za-z0-9_-]{32}", tag)


def test_call_is_signed_with_the_key_that_browsers_are_given(alice, service):
    browser = waiting(alice)
    service.call_due(DUE)
    [headers] = service.headers_to(browser)
    signed = who_calls(headers["Authorization"], GOOGLE)
    assert signed == (vapid.public_key(), "https://diary.example.com")


def test_key_is_of_the_environment_or_always_the_same_of_the_secret(settings):
    made = vapid.public_key()
    settings.VAPID_PRIVATE_KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE"
    # The curve's base point: the public key of the private key 1.
    assert vapid.public_key() == (
        "BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"
    )
    settings.VAPID_PRIVATE_KEY = ""
    assert vapid.public_key() == made
    settings.SECRET_KEY = "another"
    assert vapid.public_key() != made


@pytest.mark.parametrize(
    ("contact", "site", "said"),
    [
        ("mailto:host@example.com", "http://localhost:8000", "mailto:host@example.com"),
        (
            "https://example.com/contact",
            "https://diary.example.com:8443",
            "https://diary.example.com:8443",
        ),
        ("", "http://localhost:8000", "mailto:diary@localhost"),
    ],
)
def test_push_service_is_told_whom_to_write_to(settings, contact, site, said):
    settings.SECURITY_CONTACT, settings.SITE_URL = contact, site
    assert who_calls(vapid.authorization(GOOGLE)["Authorization"], GOOGLE)[1] == said


def test_call_names_no_treatment_and_no_complaint(alice, service):
    browser = Browser()
    browser.of(alice)
    CallPlanFactory(user=alice, for_sessions=True, is_daily=True, for_reviews=True)
    mat = TreatmentFactory(user=alice, name="Shakti mat", review_on=EVENING.date())
    TreatmentSessionFactory(user=alice, treatments=[mat], note="numb foot")
    assert [service.call_due(at) for at in (DUE, EVENING)] == [1, 1]
    said = " ".join(str(each["notification"]) for each in service.read_by(browser))
    telling = r"pain|sciatica|shakti|mat\b|numb|foot|leg\b|treatment"
    assert re.findall(telling, said, re.IGNORECASE) == []


def test_call_speaks_the_persons_language(alice, service):
    browser = waiting(alice)
    alice.language = "de"
    alice.save()
    service.call_due(DUE)
    [said] = service.read_by(browser)
    assert (said["notification"]["lang"], said["notification"]["body"]) == (
        "de",
        "Zeit, noch einmal zu bewerten",
    )


def test_every_device_of_a_person_is_called(alice, charlie, service):
    first, second = waiting(alice), Browser(MOZILLA)
    second.of(alice)
    other = Browser()
    other.of(charlie)
    assert service.call_due(DUE) == 1
    assert [len(service.read_by(each)) for each in (first, second, other)] == [1, 1, 0]


# When


def test_session_is_called_once_and_again_only_where_it_was_chosen(alice, charlie, service):
    hers, his = waiting(alice), waiting(charlie, calls_again=True)
    assert minutes_called(service, 240) == [45, 45, 75]
    assert [len(service.read_by(each)) for each in (hers, his)] == [1, 2]
    topics = {headers["Topic"] for headers in service.headers_to(his)}
    assert len(topics) == 1  # the second takes the place of the first
    assert CallPlan.objects.get(user=charlie).unanswered == 1


def test_second_call_waits_half_an_hour_for_a_late_first_one(alice, service):
    waiting(alice, calls_again=True)
    assert minutes_called(service, 240, start=NOON + 55 * MINUTE) == [0, 30]


def test_session_rated_in_between_is_not_called_again(alice, service):
    browser = waiting(alice, calls_again=True)
    assert service.call_due(DUE) == 1
    browser.session.pain_after, browser.session.after_rated_at = 0, DUE + MINUTE
    browser.session.save()
    assert service.call_due(DUE + 30 * MINUTE) == 0


def test_session_that_counts_no_more_is_not_called(alice, service):
    waiting(alice)
    assert [service.call_due(NOON + 91 * MINUTE), service.call_due(NOON + 90 * MINUTE)] == [0, 1]


def test_session_of_six_hours_is_called_then_and_kept_as_long_as_it_counts(alice, service):
    browser = Browser()
    browser.of(alice)
    CallPlanFactory(user=alice, for_sessions=True)
    TreatmentSessionFactory(user=alice, due_minutes=360)
    assert minutes_called(service, 720, step=30) == [360]
    assert service.headers_to(browser)[0]["TTL"] == "21600"


def test_day_is_called_at_its_hour_until_midnight(alice, service):
    browser = Browser()
    browser.of(alice)
    CallPlanFactory(user=alice, is_daily=True, daily_at=time(20))
    assert minutes_called(service, 24 * 60, step=15, start=NOON) == [8 * 60]
    [said], [headers] = service.read_by(browser), service.headers_to(browser)
    assert said["notification"]["body"] == "A moment for your diary?"
    assert said["notification"]["navigate"] == "https://diary.example.com/today/"
    assert (headers["TTL"], headers["Urgency"]) == ("14400", "normal")


@pytest.mark.parametrize("midnight", ["2026-03-29T00:00Z", "2026-10-24T23:00Z"])
def test_day_is_called_once_where_the_clocks_change(alice, service, midnight):
    """London skips 1:30 in spring, and has it twice in autumn: it is called 90 minutes on."""
    Browser().of(alice)
    CallPlanFactory(user=alice, is_daily=True, daily_at=time(1, 30))
    start = datetime.fromisoformat(midnight)
    assert minutes_called(service, 300, start=start) == [90]


def test_day_with_an_entry_is_not_called(alice, service):
    Browser().of(alice)
    CallPlanFactory(user=alice, is_daily=True, daily_at=time(20))
    CheckInFactory(user=alice, diary_date=EVENING.date())
    assert service.call_due(EVENING) == 0


def test_day_of_looking_back_is_called_once_in_place_of_the_daily_call(alice, charlie, service):
    browser = Browser()
    browser.of(alice)
    CallPlanFactory(user=alice, is_daily=True, for_reviews=True, daily_at=time(20))
    TreatmentFactory(user=alice, review_on=EVENING.date())
    TreatmentFactory(user=alice, review_on=EVENING.date())
    TreatmentFactory(user=charlie, review_on=EVENING.date() + DAY)
    assert minutes_called(service, 60, start=EVENING) == [0]
    [said] = service.read_by(browser)
    assert said["notification"]["body"] == "You wanted to look back today"


@pytest.mark.parametrize(("rhythm", "called"), [("daily", [0, 0]), ("weekly", [0]), ("paused", [])])
def test_calls_of_days_keep_to_how_often_the_diary_may_ask(alice, service, rhythm, called):
    Browser().of(alice)
    CallPlanFactory(user=alice, is_daily=True, for_reviews=True, daily_at=time(20))
    TreatmentFactory(user=alice, review_on=EVENING.date())
    alice.keep_rhythm(rhythm, at=EVENING - 30 * DAY)
    days = [EVENING, EVENING + DAY]
    assert [0 for at in days for _call in range(service.call_due(at))] == called


def test_three_calls_without_an_entry_are_the_last(alice, service):
    browser = Browser()
    browser.of(alice)
    CallPlanFactory(user=alice, is_daily=True, daily_at=time(20))
    assert [service.call_due(EVENING + n * DAY) for n in range(5)] == [1, 1, 1, 0, 0]
    last = "It is the last call until you write again."
    assert [last in said["notification"]["body"] for said in service.read_by(browser)] == [
        False,
        False,
        True,
    ]
    CheckInFactory(user=alice, diary_date=EVENING.date() + 4 * DAY)
    assert service.call_due(EVENING + 5 * DAY) == 1


def test_nothing_is_called_unasked_or_for_a_closed_account(alice, charlie, service):
    TreatmentSessionFactory(user=alice)
    Browser().of(alice)
    assert service.call_due(DUE) == 0
    waiting(charlie)
    charlie.is_active = False
    charlie.save()
    assert service.call_due(DUE) == 0


def test_demo_account_is_called_for_its_device_is_in_its_visitors_hand(alice, service):
    waiting(alice)
    alice.demo_until = NOON + DAY
    alice.save()
    assert service.call_due(DUE) == 1


def test_each_of_many_calls_takes_one_statement(service, django_assert_max_num_queries):
    """As with mails; what is read of them for all together comes on top, twice here."""
    people = User.objects.bulk_create(
        UserFactory.build(email=f"person{n}@example.com") for n in range(AT_A_TIME + 1)
    )
    for user in people:
        waiting(user)
    with django_assert_max_num_queries(len(people) + AROUND):
        assert service.call_due(DUE) == len(people)


# Faults


@pytest.mark.parametrize("status", [404, 410])
def test_device_that_is_gone_is_ended(alice, service, status):
    browser, other = waiting(alice), Browser()
    other.of(alice)
    service.answers[browser.path] = status
    assert service.call_due(DUE) == 1
    assert PushSubscription.objects.get().endpoint == other.endpoint


def test_person_whose_last_device_is_gone_is_not_called_and_nothing_counts(alice, service):
    browser = waiting(alice)
    service.answers[browser.path] = 410
    assert [service.call_due(DUE), service.call_due(DUE + MINUTE)] == [0, 0]
    assert (Call.objects.count(), CallPlan.objects.get().unanswered, service.asked) == (0, 0, [410])


@pytest.mark.parametrize(
    ("status", "headers", "minutes"),
    [(429, {"Retry-After": "600"}, 10), (503, {}, 1), (500, {"Retry-After": "soon"}, 1)],
)
def test_push_service_that_wants_to_be_left_alone_is(
    alice, service, caplog, status, headers, minutes
):
    browser = waiting(alice)
    service.answers[browser.path], service.headers[browser.path] = status, headers
    assert service.call_due(DUE) == 0
    service.answers.clear()
    before = DUE + (minutes * 60 - 1) * timedelta(seconds=1)
    assert [service.call_due(before), service.call_due(DUE + minutes * MINUTE)] == [0, 1]
    assert len(service.read_by(browser)) == 1
    assert caplog.messages == [f"A push service refused a call ({status})."]


def test_service_that_fails_is_asked_once_in_a_run(alice, charlie, service):
    hers, his = waiting(alice), waiting(charlie)
    service.answers |= {hers.path: 503, his.path: 503}
    service.call_due(DUE)
    assert service.asked == [503]
    service.answers.clear()
    assert service.call_due(DUE + MINUTE) == 2


@pytest.mark.parametrize("status", [302, 307, 400, 401, 403, 413])
def test_device_that_is_refused_is_left_alone_for_a_day(alice, service, caplog, status):
    """A redirect is one, too: it is not followed."""
    browser = waiting(alice)
    inside = f"http://127.0.0.1:{free_port()}/"
    service.answers[browser.path] = status
    service.headers[browser.path] = {"Location": inside}
    assert [service.call_due(DUE), service.call_due(DUE + MINUTE)] == [0, 0]
    assert (service.asked, Call.objects.count()) == ([status], 0)
    assert PushSubscription.objects.get().waits_until == DUE + DAY
    assert browser.path not in caplog.text


def test_redirect_leads_nowhere(alice, service):
    browser, inside = waiting(alice), Browser(MOZILLA)
    service.answers[browser.path] = 302
    service.headers[browser.path] = {"Location": inside.endpoint}
    assert (service.call_due(DUE), service.asked) == (0, [302])


def test_service_that_hangs_holds_nobody_else_up_and_is_never_told_twice(
    alice, charlie, service, caplog
):
    service.seconds = 0.5
    hers, his = waiting(alice, Browser(MOZILLA)), waiting(charlie)
    third = waiting(UserFactory(), Browser(MOZILLA))
    service.answers[hers.path] = HANG
    assert service.call_due(DUE) == 1
    assert service.asked == [HANG, 201]
    assert [said.partition("(")[0] for said in caplog.messages] == [
        "A push service could not be asked "
    ]
    assert service.call_due(DUE + MINUTE) == 1  # hers may have rung: it is not repeated
    assert [len(service.read_by(each)) for each in (hers, his, third)] == [0, 1, 1]


def test_service_that_cannot_be_reached_loses_nothing(alice, service, caplog):
    browser = waiting(alice)
    service.is_down = True
    assert (service.call_due(DUE), Call.objects.count()) == (0, 0)
    assert caplog.messages == ["A push service could not be asked (ConnectionRefusedError)."]
    service.is_down = False
    assert service.call_due(DUE + 10 * MINUTE) == 1
    assert len(service.read_by(browser)) == 1


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://127.0.0.1/x",
        "https://169.254.169.254/",
        "https://[::1]/",
        f"https://{GOOGLE}:8443/",
    ],
)
def test_address_that_is_none_of_a_push_service_is_ended_unasked(alice, service, endpoint):
    browser = waiting(alice)
    PushSubscription.objects.update(endpoint=endpoint)
    assert service.call_due(DUE) == 0
    assert (PushSubscription.objects.count(), service.asked, browser.path in service.answers) == (
        0,
        [],
        False,
    )


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_make_each_call_once(service):
    for _number in range(6):
        waiting(UserFactory())

    def send(_number):
        try:
            with acting.acting(role=WORK):
                return service.call_due(DUE)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as senders:
        assert sum(senders.map(send, range(3))) == 6
    paths = [path for _host, path, *_rest in service.arrived]
    assert len(paths) == len(set(paths)) == 6


@pytest.mark.django_db(transaction=True)
def test_killed_sender_makes_no_call_twice_and_loses_none_that_was_still_due(service, tmp_path):
    """It dies with one call taken, one handed over without an answer, and one not begun."""
    started = datetime.now(UTC) - 46 * MINUTE
    taken, hanging, waits = (waiting(UserFactory(), since=started) for _number in range(3))
    TreatmentSession.objects.update(started_at=started)
    service.answers[hanging.path] = HANG
    authority = tmp_path / "authority.pem"
    service.authority.write_to_path(authority)
    sender = a_sender(service.port, authority)
    assert service.reached.wait(60)
    sender.send_signal(signal.SIGKILL)
    assert sender.wait(10) == -signal.SIGKILL
    service.answers.clear()
    now = datetime.now(UTC)
    assert [service.call_due(now), service.call_due(now + MINUTE)] == [1, 0]
    read = [len(service.read_by(each)) for each in (taken, hanging, waits)]
    assert (read, service.asked) == ([1, 0, 1], [201, HANG, 201])


def a_sender(port, authority):
    command = [sys.executable, "-m", "tests.diary.calls.sender", str(port), str(authority)]
    environment = os.environ | {"DATABASE_URL": address_of(connection)}
    return subprocess.Popen(command, cwd=ROOT, env=environment)


def test_regular_work_may_do_all_of_it(alice, charlie, service):
    """As its own role of the database, which may change little."""
    hers, his = waiting(alice), waiting(charlie)
    service.answers |= {hers.path: 410, his.path: 429}
    with acting.acting(role=WORK):
        assert service.call_due(DUE) == 0
        service.answers.clear()
        assert service.call_due(DUE + MINUTE) == 1
    assert [device.user for device in PushSubscription.objects.all()] == [charlie]


def test_tests_own_browser_reads_what_the_standard_wrote():
    """The example of RFC 8291, section 5."""
    browser = Browser()
    number = int.from_bytes(decoded("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"), "big")
    browser.key = ec.derive_private_key(number, ec.SECP256R1())
    browser.auth = decoded("BTBZMqHH6r4Tts7J_aSIgg")
    body = (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocIn"
        "mYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNW"
        "QexSgSxsj_Qulcy4a-fN"
    )
    assert browser.unsealed(decoded(body)) == b"When I grow up, I want to be a watermelon"
