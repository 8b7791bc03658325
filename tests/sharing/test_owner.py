"""Making a link, seeing who opened it, looking first, ending it."""

import re
import uuid
from datetime import date, timedelta

import pytest
from django.contrib.auth.hashers import check_password
from django.core.cache import cache
from django.urls import reverse

from apps.demo.accounts import make_demo
from apps.sharing.models import Section, ShareLink, ShareVisit
from tests.factories import (
    NOON,
    CheckInFactory,
    ConditionFactory,
    ShareLinkFactory,
    ShareVisitFactory,
    TreatmentFactory,
    TreatmentSessionFactory,
)
from tests.sharing.reading import exchange, page, reader, send_code

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LIST, NEW = reverse("sharing:list"), reverse("sharing:create")
PREVIEW_NEW, REVOKE_ALL = reverse("sharing:preview_new"), reverse("sharing:revoke_all")


@pytest.fixture(autouse=True)
def noon(time_machine):
    cache.clear()
    time_machine.move_to(NOON, tick=False)
    return time_machine


def choices(owner, **changed):
    """What the form sends when it is left as it comes, but for whom."""
    return {
        "client_id": str(uuid.uuid4()),
        "for_whom": "Sam",
        "condition": ConditionFactory(user=owner).pk,
        "span": "moving",
        "sections": ["summary", "charts", "sessions", "check_ins"],
        "lasts_days": "14",
    } | changed


def url(name, link):
    return reverse(f"sharing:{name}", args=[link.pk])


def said(response):
    return [str(message) for message in response.context["messages"]]


def secret_of(response):
    return response.context["address"].partition("#")[2]


def main_of(response):
    return response.content.decode().partition("<main")[2].partition("</main>")[0]


# ---- Make


def test_made_link_shows_its_address_once(as_alice, alice, settings):
    """Under the name that the host has said, whatever the request has called it."""
    settings.SITE_URL = "https://diary.example.com"
    response = as_alice.post(NEW, choices(alice))
    link = ShareLink.objects.get()
    address = response.context["address"]
    assert response.status_code == 200
    assert re.fullmatch(rf"https://diary\.example\.com{page(link)}#[A-Za-z0-9]{{43}}", address)
    assert response.context["picture"].startswith("data:image/svg+xml;base64,")
    assert address in response.content.decode()
    assert link.secret_hash not in response.content.decode()
    assert exchange(as_alice, link, secret_of(response)).status_code == 302
    for name in ("sharing:list", "sharing:create"):
        assert secret_of(response) not in as_alice.get(reverse(name)).content.decode()


def test_made_link_has_the_usual_limits(as_alice, alice):
    as_alice.post(NEW, choices(alice, lasts_days="14"))
    link = ShareLink.objects.get()
    assert (link.user, link.for_whom, link.is_moving) == (alice, "Sam", True)
    assert (link.created_at, link.expires_at) == (NOON, NOON + 14 * DAY)
    assert set(link.sections) == {"summary", "charts", "sessions", "check_ins"}
    assert (link.code_hash, link.generation) == ("", 1)


def test_form_comes_with_notes_and_side_effects_off(as_alice, alice):
    ConditionFactory(user=alice)
    form = as_alice.get(NEW).context["form"]
    left_out = set(Section.values) - set(form["sections"].value())
    assert left_out == {Section.NOTES, Section.SIDE_EFFECTS}
    assert (form["span"].value(), form["lasts_days"].value()) == ("moving", 14)
    assert form["with_code"].value() in (None, False)


def test_form_begins_with_the_condition_written_about_last(as_alice, alice):
    ConditionFactory(user=alice, name="Arm")
    entry = CheckInFactory(user=alice)
    assert as_alice.get(NEW).context["form"]["condition"].value() == entry.condition_id


def test_fixed_days_are_kept(as_alice, alice):
    CheckInFactory(user=alice, rated_at=NOON - 40 * DAY)
    as_alice.post(NEW, choices(alice, span="fixed", first_day="2026-01-05", last_day="2026-02-06"))
    link = ShareLink.objects.get()
    assert (link.first_day, link.last_day) == (date(2026, 1, 5), date(2026, 2, 6))


def test_code_is_shown_once_and_kept_as_a_slow_hash(as_alice, alice):
    response = as_alice.post(NEW, choices(alice, with_code="on"))
    link, code = ShareLink.objects.get(), response.context["code"]
    assert re.fullmatch(r"\d{6}", code)
    assert link.code_hash.startswith("argon2$")
    assert check_password(code, link.code_hash)
    client = reader(link, secret_of(response))
    assert send_code(client, link, code)["Location"] == page(link)


@pytest.mark.parametrize(
    ("changed", "errors"),
    [
        ({"for_whom": " "}, {"for_whom": ["This field is required."]}),
        ({"for_whom": "a\0"}, {"for_whom": ["Null characters are not allowed."]}),
        ({"sections": []}, {"sections": ["Choose at least one thing to show."]}),
        ({"lasts_days": "91"}, {"lasts_days": ["Ensure this value is less than or equal to 90."]}),
        ({"lasts_days": "0"}, {"lasts_days": ["Ensure this value is greater than or equal to 1."]}),
        (
            {"span": "fixed"},
            {"first_day": ["Give both days."], "last_day": ["Give both days."]},
        ),
        (
            {"span": "fixed", "first_day": "2026-02-02", "last_day": "2026-02-01"},
            {"last_day": ["The first day cannot come after the last."]},
        ),
        (
            {"span": "fixed", "first_day": "2026-02-02", "last_day": "2026-03-11"},
            {"last_day": ["This day is still to come."]},
        ),
        (
            {"span": "fixed", "first_day": "1899-02-02", "last_day": "2026-03-01"},
            {"first_day": ["The first day must be in 1900 or later."]},
        ),
        ({"client_id": "x"}, {"client_id": ["Enter a valid UUID."]}),
    ],
)
@pytest.mark.parametrize("address", [NEW, PREVIEW_NEW])
def test_refused_form_says_why_and_makes_nothing(as_alice, alice, address, changed, errors):
    response = as_alice.post(address, choices(alice, **changed))
    assert (response.status_code, response.context["form"].errors) == (422, errors)
    assert response.context["form"]["for_whom"].value() == changed.get("for_whom", "Sam")
    assert ShareLink.objects.count() == 0


@pytest.mark.parametrize("address", [NEW, PREVIEW_NEW])
def test_condition_of_somebody_else_is_refused_as_a_missing_one(as_alice, alice, charlie, address):
    foreign = as_alice.post(address, choices(alice, condition=ConditionFactory(user=charlie).pk))
    missing = as_alice.post(address, choices(alice, condition=10**6))
    assert (foreign.status_code, missing.status_code) == (422, 422)
    assert foreign.context["form"].errors == missing.context["form"].errors
    assert set(foreign.context["form"].errors) == {"condition"}
    assert ShareLink.objects.count() == 0


def test_repeated_form_makes_one_link_and_keeps_its_address(as_alice, alice):
    sent = choices(alice)
    secret = secret_of(as_alice.post(NEW, sent))
    again = as_alice.post(NEW, sent, follow=True)
    assert again.redirect_chain == [(LIST, 302)]
    assert said(again) == [
        "This link is made already. If you did not see its address, give it a new one here."
    ]
    assert exchange(as_alice, ShareLink.objects.get(), secret).status_code == 302


def test_without_a_condition_there_is_nothing_to_share(as_alice, alice):
    assert reverse("conditions:create") in main_of(as_alice.get(NEW))
    assert as_alice.post(NEW, {"for_whom": "Sam"}).status_code == 422


def test_demo_may_look_but_not_share(client, db):
    demo = make_demo(at=NOON)
    client.force_login(demo)
    sent = choices(demo)
    assert client.post(PREVIEW_NEW, sent).templates[0].name == "sharing/report/report.html"
    assert said(client.post(NEW, sent, follow=True)) == [
        "A demo diary cannot be shared. You can look at what they would see."
    ]
    assert ShareLink.objects.count() == 0


# ---- Look first


def test_preview_is_what_the_reader_sees(as_alice, alice):
    CheckInFactory(user=alice, leg_pain=7)
    TreatmentSessionFactory(user=alice)
    link = ShareLinkFactory(user=alice, for_whom="Sam")
    seen = main_of(reader(link).get(page(link)))
    assert "Sciatica" in seen
    assert main_of(as_alice.get(url("preview", link))) == seen
    assert main_of(as_alice.post(PREVIEW_NEW, choices(alice))) == seen
    assert ShareVisit.objects.count() == 1  # the reader's


def test_preview_of_a_link_in_a_chosen_language(as_alice, alice):
    link = ShareLinkFactory(user=alice, language="de")
    assert as_alice.get(url("preview", link)).headers["Content-Language"] == "de"


@pytest.mark.parametrize(("own", "offered"), [("", "de"), ("en-gb", "")])
def test_form_offers_the_language_of_the_owners_pages(as_alice, alice, own, offered):
    alice.language = own
    alice.save()
    form = as_alice.get(NEW, headers={"accept-language": "de"}).context["form"]
    assert form["language"].value() == offered


def test_preview_stores_nothing(as_alice, alice):
    as_alice.post(PREVIEW_NEW, choices(alice))
    assert ShareLink.objects.count() == 0


# ---- The owner's list


def test_list_says_what_each_link_shows_and_when_it_was_opened(as_alice, alice):
    link = ShareLinkFactory(user=alice, for_whom="Sam")
    for hours in (0, 5):
        ShareVisitFactory(user=alice, link=link, visited_at=NOON + timedelta(hours=hours))
    facts = re.findall(r"<dd>(.*?)</dd>", as_alice.get(LIST).content.decode(), re.DOTALL)
    words = [" ".join(re.sub(r"<[^>]+>", " ", fact).split()) for fact in facts]
    assert words == [
        "Sciatica, the last three months, up to the day it is opened",
        "the summary, charts, every session and every check-in",
        "your notes and side effects in your words",
        "24 March 2026, 12:00",
        "2 times, last on 10 March 2026, 17:00 Each time 10 March 2026, 17:00 10 March 2026, 12:00",
    ]


def test_list_shows_ended_links_for_thirty_days(as_alice, alice, noon):
    expired = ShareLinkFactory(user=alice, for_whom="expired")
    revoked = ShareLinkFactory(user=alice, for_whom="revoked", expires_at=NOON + 90 * DAY)
    live = ShareLinkFactory(user=alice, for_whom="live", expires_at=NOON + 90 * DAY)

    def shown():
        as_alice.force_login(alice)  # a log-in is over before some of these are
        context = as_alice.get(LIST).context
        return set(context["live"]), set(context["ended"])

    assert shown() == ({expired, revoked, live}, set())
    as_alice.post(url("revoke", revoked))
    assert shown() == ({expired, live}, {revoked})
    noon.shift(14 * DAY)
    assert shown() == ({live}, {expired, revoked})
    noon.shift(16 * DAY)
    assert shown() == ({live}, {expired})
    noon.shift(14 * DAY)
    assert shown() == ({live}, set())


def test_list_has_only_own_links(as_alice, charlie):
    ShareLinkFactory(user=charlie, for_whom="Charlie's doctor")
    old = ShareLinkFactory(user=charlie, created_at=NOON - 90 * DAY)
    response = as_alice.get(LIST)
    assert (list(response.context["live"]), list(response.context["ended"])) == ([], [])
    assert ShareLink.objects.filter(pk=old.pk).count() == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_list_costs_the_same_queries(as_alice, alice, rows, django_assert_num_queries):
    for _row in range(rows):
        for link in (
            ShareLinkFactory(user=alice),
            ShareLinkFactory(user=alice, revoked_at=NOON - DAY),
        ):
            for _visit in range(rows):
                ShareVisitFactory(user=alice, link=link)
    with django_assert_num_queries(6):
        as_alice.get(LIST)


@pytest.mark.parametrize("rows", [1, 3])
def test_form_costs_the_same_queries(as_alice, alice, rows, django_assert_num_queries):
    for row in range(rows):
        ConditionFactory(user=alice, name=f"Condition {row}")
        ShareLinkFactory(user=alice)
    with django_assert_num_queries(7):
        as_alice.get(NEW)


def test_share_is_linked_from_menu_settings_and_compare(as_alice, alice):
    TreatmentSessionFactory(user=alice, treatments=[TreatmentFactory(user=alice)])
    assert f'href="{LIST}"' in main_of(as_alice.get(reverse("users:settings")))
    assert f'href="{NEW}"' in main_of(as_alice.get(reverse("comparisons:compare")))
    header = as_alice.get(reverse("diary:today")).content.decode().partition("<main")[0]
    assert f'href="{LIST}"' in header


# ---- End it


def test_revoked_link_ends_in_an_open_page(as_alice, alice):
    link, other = ShareLinkFactory(user=alice), ShareLinkFactory(user=alice)
    client, stays = reader(link), reader(other)
    assert client.get(page(link)).status_code == 200
    assert said(as_alice.post(url("revoke", link), follow=True)) == [
        "The link for Sam, physiotherapist has ended."
    ]
    assert client.get(page(link)).status_code == 404
    assert exchange(client, link).status_code == 404
    assert stays.get(page(other)).status_code == 200


def test_all_links_end_at_once(as_alice, alice, charlie):
    links = [ShareLinkFactory(user=alice) for _number in range(3)]
    foreign = ShareLinkFactory(user=charlie)
    clients = [reader(link) for link in links]
    assert said(as_alice.post(REVOKE_ALL, follow=True)) == ["3 links have ended."]
    opened = [
        client.get(page(link)).status_code for client, link in zip(clients, links, strict=True)
    ]
    assert opened == [404] * 3
    assert reader(foreign).get(page(foreign)).status_code == 200


def test_new_address_takes_the_place_of_the_old_one(as_alice, alice):
    link = ShareLinkFactory(user=alice, wrong_codes=10, code_hash="argon2$old")
    response = as_alice.post(url("renew", link))
    assert exchange(as_alice, link).status_code == 404
    renewed = ShareLink.objects.get()
    assert (renewed.wrong_codes, renewed.generation, renewed.expires_at) == (0, 2, link.expires_at)
    client = reader(renewed, secret_of(response))
    assert send_code(client, renewed, response.context["code"]).status_code == 302
    assert client.get(page(renewed)).templates[0].name == "sharing/report/report.html"


def test_ended_link_gets_no_new_address(as_alice, alice):
    link = ShareLinkFactory(user=alice, revoked_at=NOON)
    response = as_alice.post(url("renew", link), follow=True)
    assert said(response) == ["This link has ended. Make a new one."]
    assert ShareLink.objects.get().secret_hash == link.secret_hash


@pytest.mark.parametrize(
    ("method", "name"), [("get", "preview"), ("post", "renew"), ("post", "revoke")]
)
def test_somebody_elses_link_answers_as_a_missing_one(as_alice, charlie, method, name):
    link = ShareLinkFactory(user=charlie)
    foreign = getattr(as_alice, method)(url(name, link))
    missing = getattr(as_alice, method)(reverse(f"sharing:{name}", args=[link.pk + 1]))
    assert (foreign.status_code, foreign.content) == (404, missing.content)
    assert ShareLink.objects.get().revoked_at is None


def test_link_goes_with_its_condition(as_alice, alice):
    condition = ConditionFactory(user=alice, name="Shoulder")
    link = ShareLinkFactory(user=alice, condition=condition)
    ShareVisitFactory(user=alice, link=link)
    client = reader(link)
    as_alice.post(reverse("conditions:delete", args=[condition.pk]))
    assert client.get(page(link)).status_code == 404
    assert (ShareLink.objects.count(), ShareVisit.objects.count()) == (0, 0)
