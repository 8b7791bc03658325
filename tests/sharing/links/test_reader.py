"""What somebody meets who was given a link, and what nobody learns who was not."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.db import InternalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.diary.models import CheckIn
from apps.sharing.links.keys import hash_of
from apps.sharing.models import ShareLink, ShareVisit
from apps.sharing.report.page import read_only
from tests.factories import (
    NOON,
    SECRET,
    CheckInFactory,
    ConditionFactory,
    ShareLinkFactory,
    TreatmentSessionFactory,
)
from tests.sharing.reading import exchange, page, reader, send_code

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
WRONG = "w" * 43
CODE = "042137"
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


@pytest.fixture(autouse=True)
def noon(time_machine):
    cache.clear()
    time_machine.move_to(NOON, tick=False)
    return time_machine


@pytest.fixture
def link(alice):
    CheckInFactory(user=alice, leg_pain=7)
    return ShareLinkFactory(user=alice)


@pytest.fixture
def link_with_code(link):
    link.code_hash = make_password(CODE)
    link.save()
    return link


def answer(response):
    """All that somebody outside could compare."""
    return response.status_code, dict(response.headers), response.content


def template_of(response):
    return response.templates[0].name


def end(link, how, noon):
    """What takes the link away: it is over, ended, deleted, without its owner or their consent."""
    if how == "expired":
        ShareLink.objects.for_user(link.user).update(expires_at=NOON + HOUR)
        noon.shift(HOUR)
    elif how == "revoked":
        ShareLink.objects.for_user(link.user).revoke(at=NOON)
    elif how == "unknown":
        link.delete()
    elif how == "inactive owner":
        type(link.user).objects.update(is_active=False)
    elif how == "consent withdrawn":
        link.user.withdraw_consent()


ENDS = ["expired", "revoked", "unknown", "inactive owner", "consent withdrawn"]


def test_secret_opens_the_report(link):
    client = Client()
    gate = client.get(page(link))
    assert (gate.status_code, template_of(gate)) == (200, "sharing/links/gate.html")
    response = exchange(client, link)
    assert (response.status_code, response["Location"]) == (302, page(link))
    report = client.get(page(link))
    assert (report.status_code, template_of(report)) == (
        200,
        "sharing/report/report.html",
    )


@pytest.mark.parametrize("typed", [SECRET, f"  {SECRET}\n", f"https://example.com/s/abc#{SECRET}"])
def test_secret_may_be_pasted_with_its_address(link, typed):
    assert exchange(Client(), link, typed).status_code == 302


@pytest.mark.parametrize("typed", ["", "#", WRONG, SECRET[:-1], "é" * 300, "a\0b", hash_of(SECRET)])
def test_anything_else_opens_nothing(link, typed):
    client = Client()
    assert exchange(client, link, typed).status_code == 404
    assert dict(client.cookies) == {}
    assert template_of(client.get(page(link))) == "sharing/links/gate.html"


def test_nothing_of_the_secret_is_kept(link):
    client = reader(link)
    cookies = [morsel.OutputString() for morsel in client.cookies.values()]
    assert (len(cookies), SECRET in cookies[0], hash_of(SECRET) in cookies[0]) == (1, False, False)
    assert ShareLink.objects.filter(secret_hash=hash_of(SECRET)).get() == link


@pytest.mark.parametrize("how", ENDS)
def test_ended_links_and_wrong_secrets_answer_alike(link, how, noon):
    wrong = answer(exchange(Client(), link, WRONG))
    assert wrong[0] == 404
    end(link, how, noon)
    assert answer(exchange(Client(), link, SECRET)) == wrong
    assert answer(exchange(Client(), link, WRONG)) == wrong


@pytest.mark.parametrize("how", ENDS)
def test_gate_is_the_same_for_links_that_are_none(link, how, noon):
    gate = answer(Client().get(page(link)))
    end(link, how, noon)
    assert answer(Client().get(page(link))) == gate


@pytest.mark.parametrize("how", ENDS)
def test_open_page_ends_with_the_link(link, how, noon):
    client, wrong = reader(link), answer(exchange(Client(), link, WRONG))
    assert client.get(page(link)).status_code == 200
    end(link, how, noon)
    cookie = client.cookies.output(header="", sep=";").split(";")[0].strip()
    ended = Client().get(page(link), headers={"cookie": cookie})
    assert answer(ended) == wrong


def test_pass_is_good_for_12_hours_then_the_address_opens_again(link, noon):
    client = reader(link)
    cookie = client.cookies.output(header="", sep=";").split(";")[0].strip()
    noon.shift(12 * HOUR)
    assert "report.html" in template_of(Client().get(page(link), headers={"cookie": cookie}))
    noon.shift(timedelta(seconds=1))
    over = Client().get(page(link), headers={"cookie": cookie})
    assert (over.status_code, template_of(over)) == (200, "sharing/links/gate.html")
    assert reader(link).get(page(link)).status_code == 200


def test_pass_ends_with_a_link_that_lasts_less_than_12_hours(link):
    ShareLink.objects.for_user(link.user).update(expires_at=NOON + HOUR)
    client = reader(link)
    [cookie] = client.cookies.values()
    assert cookie["expires"] == "Tue, 10 Mar 2026 13:00:01 GMT"


def test_new_address_ends_what_the_old_one_opened(link, as_alice):
    client = reader(link)
    as_alice.post(reverse("sharing:renew", args=[link.pk]))
    assert client.get(page(link)).status_code == 404
    assert exchange(Client(), link).status_code == 404


@pytest.mark.parametrize("how", ENDS)
def test_wrong_secret_costs_the_same_queries(link, how, noon):
    def queries_of_a_guess():
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            exchange(Client(), link, WRONG)
        return [query["sql"].split(" ")[0] for query in queries]

    live = queries_of_a_guess()
    assert live[0] == "SELECT"
    end(link, how, noon)
    assert queries_of_a_guess() == live


def test_pass_of_another_link_opens_nothing(link, charlie):
    other = ShareLinkFactory(user=charlie)
    client = reader(other)
    assert template_of(client.get(page(link))) == "sharing/links/gate.html"
    moved = client.cookies[f"share-{other.public_id}"].value
    cookie = f"share-{link.public_id}={moved}"
    assert Client().get(page(link), headers={"cookie": cookie}).status_code == 404


@pytest.mark.parametrize("value", ["", "x", "a:b:c", "é", "W10:1:2"])
def test_pass_that_we_did_not_sign_opens_nothing(link, value):
    cookie = f"share-{link.public_id}={value}"
    assert Client().get(page(link), HTTP_COOKIE=cookie).status_code == 404


@pytest.mark.parametrize(("is_https", "prefix"), [(True, "__Host-"), (False, "")])
def test_pass_is_for_this_host_and_no_script(link, settings, is_https, prefix):
    settings.IS_HTTPS = is_https
    client = Client()
    exchange(client, link, secure=is_https)
    [(name, cookie)] = client.cookies.items()
    assert name == f"{prefix}share-{link.public_id}"
    assert {key: cookie[key] for key in ("path", "domain", "httponly", "samesite", "secure")} == {
        "path": "/",
        "domain": "",
        "httponly": True,
        "samesite": "Strict",
        "secure": is_https or "",
    }
    assert cookie["expires"] == "Wed, 11 Mar 2026 00:00:01 GMT"  # Django adds the second
    assert template_of(client.get(page(link), secure=is_https)) == "sharing/report/report.html"


def test_pass_without_the_prefix_opens_nothing_under_https(link, settings):
    client = reader(link)
    settings.IS_HTTPS = True
    assert template_of(client.get(page(link), secure=True)) == "sharing/links/gate.html"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_report_answers_get_and_head_only(link, method):
    assert getattr(reader(link), method)(page(link)).status_code == 405


def test_head_says_what_get_says_and_shows_nothing(link):
    client = reader(link)
    head = client.head(page(link))
    assert (head.status_code, head.content, ShareVisit.objects.count()) == (200, b"", 0)


def test_every_answer_is_kept_and_found_by_nobody(link_with_code):
    link, client = link_with_code, Client()
    answers = [client.get(page(link)), exchange(client, link, WRONG), exchange(client, link)]
    answers += [client.get(page(link)), send_code(client, link, "1"), send_code(client, link, CODE)]
    answers += [client.get(page(link)), client.put(page(link)), client.get(page(link, "unknown"))]
    ShareLink.objects.for_user(link.user).revoke(at=NOON)
    answers.append(client.get(page(link)))
    assert [response.status_code for response in answers] == [
        200, 404, 302, 200, 422, 302, 200, 405, 200, 404,
    ]  # fmt: skip
    assert [{name: response.headers[name] for name in HEADERS} for response in answers] == [
        HEADERS
    ] * len(answers)


def test_report_is_read_in_a_read_only_transaction(link):
    client = reader(link)
    with CaptureQueriesContext(connection) as queries:
        client.get(page(link))
    said = [query["sql"] for query in queries]
    begins = said.index("SET TRANSACTION READ ONLY")
    ends = next(n for n, sql in enumerate(said) if n > begins and sql.startswith("RELEASE"))
    is_of_the_diary = ['"diary_' in sql for sql in said]
    assert any(is_of_the_diary[begins:ends])
    assert not any(is_of_the_diary[:begins] + is_of_the_diary[ends:])


def test_database_refuses_to_write_then(alice):
    with pytest.raises(InternalError, match="read-only transaction"), read_only(alice.pk):
        CheckInFactory(user=alice)
    assert CheckIn.objects.count() == 0
    CheckInFactory(user=alice)
    assert CheckIn.objects.count() == 1


def test_report_holds_no_address_no_ids_and_no_way_into_the_account(link, alice):
    content = reader(link).get(page(link)).content.decode()
    assert "alice@" not in content
    links = set(re.findall(r'href="(/[^"]*)"', content))
    public = {reverse("method"), reverse("source")}
    assert {link for link in links if not link.startswith("/static/")} == public
    for private in ("<form", "csrfmiddlewaretoken", "/accounts/", "/today/", "sessionid"):
        assert private not in content


def test_owner_sees_what_the_other_sees(link, as_alice):
    other = reader(link).get(page(link)).content
    exchange(as_alice, link)
    assert as_alice.get(page(link)).content == other


def test_report_knows_only_what_the_link_shows(link, alice, charlie):
    """Of what lies before its range only on which day it began."""
    elsewhere = ConditionFactory(user=alice, name="Shoulder")
    CheckInFactory(user=alice, rated_at=NOON - timedelta(days=300), leg_pain=9)
    content = reader(link).get(page(link)).content
    CheckInFactory(user=alice, condition=elsewhere, leg_pain=1)
    TreatmentSessionFactory(user=charlie)
    CheckInFactory(user=alice, rated_at=NOON - timedelta(days=200), leg_pain=1)
    assert reader(link).get(page(link)).content == content


# ---- Guessing


def test_wrong_secrets_are_limited_and_the_right_one_passes_all_the_same(link):
    statuses = [exchange(Client(), link, WRONG).status_code for _ in range(21)]
    assert statuses == [404] * 20 + [429]
    assert exchange(Client(), link).status_code == 302


def test_wrong_secrets_of_many_addresses_are_limited_per_link_that_exists_or_not(link):
    def statuses():
        return [
            exchange(Client(REMOTE_ADDR=f"10.0.0.{n}"), link, WRONG).status_code for n in range(61)
        ]

    assert statuses() == [404] * 60 + [429]
    assert exchange(Client(REMOTE_ADDR="10.0.1.1"), link).status_code == 302
    cache.clear()
    link.delete()
    assert statuses() == [404] * 60 + [429]


def test_ipv6_addresses_of_one_household_count_together(link):
    addresses = [f"2001:db8:1:2::{n:x}" for n in range(1, 22)]
    statuses = [exchange(Client(REMOTE_ADDR=a), link, WRONG).status_code for a in addresses]
    assert statuses == [404] * 20 + [429]
    assert exchange(Client(REMOTE_ADDR="2001:db8:1:3::1"), link, WRONG).status_code == 404


# ---- Six digits


def test_code_is_asked_after_the_secret(link_with_code):
    client = reader(link_with_code)
    asked = client.get(page(link_with_code))
    assert (asked.status_code, template_of(asked)) == (200, "sharing/links/code.html")
    assert send_code(client, link_with_code, "042 137")["Location"] == page(link_with_code)
    assert template_of(client.get(page(link_with_code))) == "sharing/report/report.html"


def test_code_without_the_secret_is_nothing(link_with_code):
    wrong = answer(exchange(Client(), link_with_code, WRONG))
    assert answer(send_code(Client(), link_with_code, CODE)) == wrong
    link_with_code.delete()
    assert answer(send_code(Client(), link_with_code, CODE)) == wrong


def test_ten_wrong_codes_end_the_address(link_with_code):
    client = reader(link_with_code)
    statuses = [send_code(client, link_with_code, f"{n:06}").status_code for n in range(11)]
    assert statuses == [422] * 9 + [429] * 2
    assert send_code(client, link_with_code, CODE).status_code == 429
    assert reader(link_with_code).get(page(link_with_code)).status_code == 429
    link_with_code.refresh_from_db()
    assert (link_with_code.wrong_codes, link_with_code.is_locked) == (10, True)


def test_right_code_gives_back_its_own_try_only(link_with_code):
    client = reader(link_with_code)
    for code in ("000000", CODE, "000001", CODE):
        send_code(client, link_with_code, code)
    link_with_code.refresh_from_db()
    assert link_with_code.wrong_codes == 2


def test_who_gave_the_code_before_reads_on_when_the_address_is_locked(link_with_code):
    inside = reader(link_with_code)
    send_code(inside, link_with_code, CODE)
    ShareLink.objects.update(wrong_codes=10)
    assert template_of(inside.get(page(link_with_code))) == "sharing/report/report.html"


# ---- Visits


def visits():
    return list(ShareVisit.objects.order_by("visited_at").values_list("visited_at", flat=True))


def test_visit_is_counted_when_the_report_is_shown(link, noon):
    Client().get(page(link))
    client = reader(link)
    assert visits() == []
    client.get(page(link))
    noon.shift(HOUR / 4)
    client.get(page(link))
    assert visits() == [NOON]
    noon.shift(HOUR)
    client.get(page(link))
    assert visits() == [NOON, NOON + HOUR * 5 / 4]


def test_visit_of_another_reader_counts_at_once(link):
    for _reader in range(2):
        reader(link).get(page(link))
    assert visits() == [NOON, NOON]


def test_page_of_the_code_is_no_visit(link_with_code):
    reader(link_with_code).get(page(link_with_code))
    assert visits() == []


@pytest.mark.parametrize(
    "browser",
    [
        "WhatsApp/2.23.20.0",
        "facebookexternalhit/1.1",
        "Slackbot-LinkExpanding 1.0",
        "TelegramBot (like TwitterBot)",
        "Mozilla/5.0 (compatible; bingbot/2.0)",
        "SkypeUriPreview Preview/0.5",
    ],
)
def test_program_that_got_the_report_is_a_visit_and_said_to_be_perhaps_one(link, browser):
    reader(link, headers={"user-agent": browser}).get(page(link))
    Client(headers={"user-agent": browser}).get(page(link))  # without the secret: no report
    assert list(ShareVisit.objects.values_list("visited_at", "is_program")) == [(NOON, True)]


def test_visit_says_nothing_of_who_came(link):
    person = {"headers": {"user-agent": "Firefox on Sam's desk"}, "REMOTE_ADDR": "203.0.113.9"}
    reader(link, **person).get(page(link))
    row = ShareVisit.objects.values().get()
    assert set(row) == {"id", "user_id", "link_id", "opening", "visited_at", "is_program"}
    assert row["is_program"] is False


@pytest.mark.parametrize("rows", [1, 3])
def test_report_costs_the_same_queries(link, alice, rows, django_assert_num_queries):
    for _row in range(rows):
        CheckInFactory(user=alice)
        TreatmentSessionFactory(user=alice)
    client = reader(link)
    client.get(page(link))
    with CaptureQueriesContext(connection) as queries:
        client.get(page(link))
    frame = [sql for sql in (query["sql"] for query in queries) if '"sharing_' in sql]
    assert len(frame) == 2  # the link, and whether this is a new visit


@pytest.mark.parametrize(
    "typed",
    [
        SECRET,
        f"{SECRET}.",
        f" {SECRET})\n",
        f"<https://example.org/s/abc#{SECRET}>,",
        f"https://example.org/s/abc%23{SECRET}/",
        f"{SECRET}\u200b",
        f"\u200b{SECRET[:20]}\u200b{SECRET[20:]}",
        " ".join(SECRET[at : at + 6] for at in range(0, 43, 6)),
        f"(https://example.org/s/abc#{SECRET}) from Monday on",
    ],
)
def test_the_secret_is_found_whatever_stands_around_it(link, typed):
    assert exchange(Client(), link, typed).headers["Location"] == page(link)


@pytest.mark.parametrize(
    "after", [".", ",", ")", "]", "%3E", "%20", "/", "/.", "%E2%80%8B", ").%22"]
)
def test_an_address_with_something_behind_it_leads_to_the_right_one(client, link, after):
    response = client.get(page(link) + after)
    assert (response.status_code, response.headers["Location"]) == (302, page(link))
    assert {name: response.headers[name] for name in HEADERS} == HEADERS


@pytest.mark.parametrize("behind", ["", ".", "%3E", "/", "%E2%80%8B"])
def test_a_secret_in_the_path_goes_behind_the_hash(client, link, behind):
    response = client.get(f"{page(link)}%23{SECRET}{behind}")
    assert response.headers["Location"] == f"{page(link)}#{SECRET}"


@pytest.mark.parametrize("after", ["/other", "/open/more", "=1", ".html"])
def test_an_address_with_words_behind_it_is_none(client, link, after):
    assert client.get(page(link) + after).status_code == 404
