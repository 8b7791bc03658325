"""The states that pages have in a young diary, which the demo's half year does not show."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import signing
from django.utils import timezone
from playwright.sync_api import Page

from apps.demo.rows import keep_diary
from apps.diary.calls.devices import SALT
from apps.diary.waiting.coin import coin_says_wait
from apps.treatments.models import Treatment
from apps.users.models import User
from apps.your_data.importing.store import import_diary
from tests.factories import (
    CallPlanFactory,
    CheckInFactory,
    ConditionFactory,
    PushSubscriptionFactory,
    SelfTestFactory,
    TreatmentFactory,
    TreatmentPeriodFactory,
    TreatmentReviewFactory,
    TreatmentSessionFactory,
    UserFactory,
    WaitPlanFactory,
    used_twice,
)

A_DAY = timedelta(days=1)
FILES = Path(__file__).parents[1] / "comparisons"
TIMELINES = ("range=2w", "range=1y", "range=all", "range=3m&pain=both")
ASKS = next(
    seed for seed in map(uuid.UUID, map("{:032x}".format, range(99))) if coin_says_wait(seed, 0, 5)
)


# What a browser says that may be called; a headless one is given no push service.
MAY_BE_CALLED = "PushManager.prototype.getSubscription = async () => ({});"


def nothing(_page: Page) -> None:
    """Most states are there as soon as the page is open."""


@dataclass(frozen=True, slots=True)
class State:
    """``before`` and ``then``: what is done before and after the page is opened, where what it
    shows has no address of its own; ``device`` is what Playwright's contexts take.
    """

    name: str
    user: User | None
    path: str
    then: Callable[[Page], None] = nothing
    before: Callable[[Page], None] = nothing
    device: dict[str, Any] = field(default_factory=dict)


def states(at: datetime) -> Iterator[State]:
    yield from _first_day()
    for name, minutes in (("just_started", 3), ("running", 20), ("due", 50)):
        yield from _session(name, at - timedelta(minutes=minutes))
    yield from _saved(at)
    yield from _rated_again(at)
    yield from _asked()
    yield from _looking_back(at)
    yield from _two_complaints(at)
    for letter in "ab":
        yield from _few_sessions(letter, at)
    yield from _half_a_year(at)
    yield from _gone_on(at)
    yield from _called(at)
    yield from _another_clock()


def without_mail() -> Iterator[State]:
    """Of a server that somebody runs for others, and that sends no mail."""
    for page in ("signup", "login", "password/reset"):
        yield State(f"no_mail_{page.replace('/', '_')}", None, f"/accounts/{page}/")
    yield State("no_mail_email", UserFactory(), "/accounts/email/")


def _first_day():
    user = UserFactory()
    yield State("today_first", user, "/today/")
    yield State("answers_empty", user, "/compare/")
    yield State("timeline_empty", user, "/timeline/")


def _session(name, started_at):
    mat = TreatmentFactory()
    session = TreatmentSessionFactory(user=mat.user, started_at=started_at, treatments=[mat])
    yield State(f"today_{name}", mat.user, "/today/")
    yield State(f"session_{name}", mat.user, f"/sessions/{session.pk}/")
    yield State(f"session_{name}_rate_again", mat.user, f"/sessions/{session.pk}/finish/")


def _saved(at):
    user = UserFactory()
    for days, pain in enumerate((5, 6, 4, 7, 6, 3)):
        CheckInFactory(user=user, rated_at=at - days * A_DAY, leg_pain=pain, back_pain=3)
    yield State("today_saved", user, "/today/")


def _rated_again(at):
    mat = TreatmentFactory()
    rated = {"started_at": at - timedelta(minutes=46), "pain_after": 3, "after_rated_at": at}
    session = TreatmentSessionFactory(user=mat.user, treatments=[mat], **rated)
    yield State("after_no_waits_yet", mat.user, f"/sessions/{session.pk}/after/")
    mat = TreatmentFactory()
    session = TreatmentSessionFactory(user=mat.user, treatments=[mat], **rated)
    for days in (1, 2, 3):
        _rated(None, at - days * A_DAY, user=mat.user, pain_after=5)
    yield State("after_three_waits", mat.user, f"/sessions/{session.pk}/after/")


def _asked():
    for name, fields in (("how_often", None), ("coin", {"one_in": None, "seed": ASKS})):
        mat = TreatmentFactory()
        used_twice(mat)
        if fields:
            WaitPlanFactory(user=mat.user, **fields)
        yield State(name, mat.user, f"/sessions/start/?treatment={mat.pk}", _taps_6)


def _taps_6(page):
    page.locator("button[name=pain_before][value='6']").click()
    page.locator("button[name=answer], button[name=how_often]").first.wait_for()


def _looking_back(at):
    mat = TreatmentFactory(review_on=at.date(), expectation=7, upfront_cost=35)
    for days in range(1, 30, 3):
        _rated(mat, at - days * A_DAY)
    yield State("today_looking_back", mat.user, "/today/")
    yield State("self_test_agree", mat.user, f"/treatments/{mat.pk}/self-test/")


def _rated(mat, started_at, *, user=None, pain_after=4):
    """Of a treatment, or of a person who just waited."""
    rated = {"pain_after": pain_after, "after_rated_at": started_at + timedelta(minutes=45)}
    of = {"user": user or mat.user, "treatments": [mat] if mat else []}
    TreatmentSessionFactory(started_at=started_at, **of, **rated)


def _two_complaints(at):
    mat = TreatmentFactory()
    arm = {"name": "Arm", "first_place": "shoulder", "second_place": "hand"}
    leg, arm = ConditionFactory(user=mat.user), ConditionFactory(user=mat.user, **arm)
    ends_on = at.date() + 60 * A_DAY
    SelfTestFactory(
        user=mat.user, condition=leg, treatment=mat, started_at=at - A_DAY, ends_on=ends_on
    )
    yield State("today_two_complaints", mat.user, f"/today/?condition={leg.pk}")
    yield State("today_other_complaint", mat.user, f"/today/?condition={arm.pk}")
    together = f"/sessions/start/together/?treatment={mat.pk}"
    yield State("session_start_two_complaints", mat.user, together)


def _few_sessions(letter, at):
    user = UserFactory()
    import_diary(user, (FILES / f"few_sessions_{letter}.csv").read_bytes(), at=at)
    yield State(f"answers_few_{letter}", user, "/compare/?range=all")
    mat = Treatment.objects.get(user=user)
    yield State(f"card_few_{letter}", user, f"/treatments/{mat.pk}/card/?range=all")


def _half_a_year(at):
    user = UserFactory()
    keep_diary(user, at=at)
    yield State("answers_filtered", user, "/compare/?range=3m&side=left")
    for query in TIMELINES:
        yield State(
            f"timeline_{query.replace('=', '_').replace('&', '_')}", user, f"/timeline/?{query}"
        )
    for own in Treatment.objects.for_user(user):
        yield State(f"card_{own.kind}", user, f"/treatments/{own.pk}/card/")


def _gone_on(at):
    """Looked back on, and decided: what the card says of it."""
    mat = TreatmentFactory(expectation=7, upfront_cost=35)
    TreatmentPeriodFactory(user=mat.user, treatment=mat, started_on=at.date() - 42 * A_DAY)
    TreatmentReviewFactory(user=mat.user, treatment=mat, decided_on=at.date())
    for days in range(1, 30, 3):
        _rated(mat, at - days * A_DAY)
    yield State("card_gone_on", mat.user, f"/treatments/{mat.pk}/card/")


def _called(at):
    mat = TreatmentFactory()
    session = TreatmentSessionFactory(
        user=mat.user, started_at=at - timedelta(minutes=3), treatments=[mat]
    )
    device = PushSubscriptionFactory(user=mat.user)
    CallPlanFactory(user=mat.user, since=at, for_sessions=True)
    known = signing.dumps([mat.user.pk, device.pk], salt=SALT)
    rings = {"before": partial(_may_be_called, known), "then": _rings}
    allowed = {"device": {"permissions": ["notifications"]}}
    yield State("today_rings", mat.user, "/today/", **rings, **allowed)
    yield State("session_rings", mat.user, f"/sessions/{session.pk}/", **rings, **allowed)
    mat = TreatmentFactory()
    TreatmentSessionFactory(user=mat.user, started_at=at, treatments=[mat])
    yield State("today_asks_to_call", mat.user, "/today/", _opens_the_call, **allowed)


def _may_be_called(known, page):
    page.add_init_script(MAY_BE_CALLED)
    here = {"domain": "127.0.0.1", "path": "/"}
    page.context.add_cookies([{"name": settings.CALLED_COOKIE_NAME, "value": known, **here}])


def _rings(page):
    """Once the worker is there, which comes with the first look."""
    page.evaluate("async () => { await navigator.serviceWorker.ready }")
    page.reload()
    page.locator("[data-tell-when-due][aria-disabled]").first.wait_for(state="attached")


def _opens_the_call(page):
    page.locator(".call-line > summary").click()


def _another_clock():
    """The phone is in Auckland, the diary in London."""
    user = TreatmentFactory(user__time_zone="Europe/London").user
    there = {"device": {"timezone_id": "Pacific/Auckland"}}
    yield State("today_two_clocks", user, "/today/", _says_both_clocks, **there)
    yield State("check_in_not_come_yet", user, "/check-ins/new/", _says_tomorrow, **there)


def _says_both_clocks(page):
    page.locator(".two-clocks").first.wait_for()


def _says_tomorrow(page):
    for fold in page.locator("details.fold:not([open]) > summary").all():
        fold.click()
    when = page.locator("input[type=datetime-local]").first
    when.fill(f"{timezone.now() + 2 * A_DAY:%Y-%m-%dT%H:%M}")
    page.locator("main form button[type=submit]").first.click()
    page.locator("[data-error-summary]").wait_for()
