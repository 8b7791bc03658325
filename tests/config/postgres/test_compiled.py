"""Queries put into SQL once: each call's own values, and nobody's words in what is kept."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

import pytest

from apps.diary.agreed.days import monday_of
from apps.diary.models import CheckIn, SessionTreatment
from config.postgres.compiled import compiled
from tests.factories import NOON, CheckInFactory, TreatmentFactory, TreatmentSessionFactory

A_DAY = timedelta(days=1)


@compiled
def notes(*, user: int, at: datetime, side: str, newest_first: bool):
    own = CheckIn.objects.for_user(user).filter(side=side, rated_at__gt=at - A_DAY)
    own = own.order_by("-rated_at" if newest_first else "rated_at")
    return own.values_list("note", flat=True)[:2]


def test_what_was_asked_for_one_is_answered_for_another(alice, charlie):
    for user, words in ((alice, "hers"), (charlie, "his")):
        for hours in range(3):
            at = NOON + timedelta(hours=hours)
            CheckInFactory(user=user, note=f"{words} {hours}", side="left", rated_at=at)
    hers = notes(user=alice.pk, at=NOON + A_DAY, side="left", newest_first=True)
    assert hers == ["hers 2", "hers 1"]
    kept = dict(notes.ready)
    assert notes(user=charlie.pk, at=NOON + A_DAY, side="left", newest_first=True) == [
        "his 2",
        "his 1",
    ]
    assert notes(user=charlie.pk, at=NOON, side="right", newest_first=True) == []
    assert notes.ready == kept
    ready, *_rest = kept[(True,)]
    assert [place.name for place in ready.places] == ["user", "at", "side"]
    assert set(ready.constants) == {None}
    assert notes(user=alice.pk, at=NOON, side="left", newest_first=False) == ["hers 0", "hers 1"]


@compiled
def links(*, user: int):
    return SessionTreatment.objects.for_user(user).select_related("treatment").order_by("pk")


def test_rows_come_whole(alice, charlie, django_assert_num_queries):
    for user in (alice, charlie):
        TreatmentSessionFactory(user=user, treatments=[TreatmentFactory(user=user)])
    links(user=alice.pk)
    with django_assert_num_queries(1):
        (link,) = links(user=charlie.pk)
        assert (link.treatment.name, link.treatment.user_id) == ("Acupressure mat", charlie.pk)


class Place(NamedTuple):
    user: int
    side: str
    newest_first: bool


@compiled
def notes_of(*, place: Place, at: datetime):
    own = CheckIn.objects.for_user(place.user).filter(side=place.side, rated_at__gt=at)
    own = own.order_by("-rated_at" if place.newest_first else "rated_at")
    return own.values_list("note", flat=True)


def test_named_tuple_is_as_good_as_its_fields(alice, charlie):
    for user, words in ((alice, "hers"), (charlie, "his")):
        for hours in range(2):
            at = NOON + timedelta(hours=hours)
            CheckInFactory(user=user, note=f"{words} {hours}", side="left", rated_at=at)
    before = NOON - A_DAY
    assert notes_of(place=Place(alice.pk, "left", True), at=before) == ["hers 1", "hers 0"]
    assert notes_of(place=Place(charlie.pk, "left", False), at=before) == ["his 0", "his 1"]
    assert notes_of(place=Place(charlie.pk, "left", False), at=NOON) == ["his 1"]
    assert notes_of(place=Place(charlie.pk, "right", False), at=before) == []
    assert list(notes_of.ready) == [(True,), (False,)]


@compiled
def since_monday(*, user: int, day: date):
    return CheckIn.objects.for_user(user).filter(diary_date__gte=monday_of(day))


@compiled
def on_that_day(*, user: int, at: datetime):
    return CheckIn.objects.for_user(user).filter(diary_date=at.date())


@compiled
def with_the_word(*, user: int, word: str):
    return CheckIn.objects.for_user(user).filter(note__contains=word)


@pytest.mark.parametrize(
    ("ask", "value"),
    [
        (since_monday, {"day": NOON.date()}),
        (on_that_day, {"at": NOON}),
        (with_the_word, {"word": "x"}),
    ],
)
def test_what_is_worked_out_of_a_value_cannot_be_kept(db, ask, value):
    with pytest.raises(ValueError, match="works something out of what it takes"):
        ask(user=1, **value)
    assert ask.ready == {}
