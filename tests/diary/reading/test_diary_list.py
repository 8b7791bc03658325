from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from apps.diary.reading.days import page_of_days
from tests.factories import (
    NOON,
    CheckInFactory,
    ConditionFactory,
    TreatmentFactory,
    TreatmentSessionFactory,
)


def at(day, hour=12):
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def shown(response):
    """(day of the month, entries) as the page lists them."""
    return [
        (day.date.day, [str(entry) for entry in day.entries]) for day in response.context["days"]
    ]


def test_days_mix_both_kinds_newest_first(alice):
    CheckInFactory(user=alice, rated_at=at(9, 8), leg_pain=1)
    CheckInFactory(user=alice, rated_at=at(10, 8), leg_pain=2)
    TreatmentSessionFactory(user=alice, started_at=at(10, 9), pain_before=3)
    CheckInFactory(user=alice, rated_at=at(10, 10), leg_pain=4)
    days, older = page_of_days(alice)
    pains = [
        [getattr(entry, "leg_pain", None) or entry.pain_before for entry in day.entries]
        for day in days
    ]
    assert ([day.date for day in days], pains) == (
        [date(2026, 3, 10), date(2026, 3, 9)],
        [[4, 3, 2], [1]],
    )
    assert older is None


def test_days_page_ends_at_a_whole_day_and_goes_on_there(alice):
    for day in range(1, 16):
        CheckInFactory(user=alice, rated_at=at(day, 9))
        TreatmentSessionFactory(user=alice, started_at=at(day, 10))
    first, older = page_of_days(alice)
    assert [day.date.day for day in first] == list(range(15, 3, -1))
    assert older == date(2026, 3, 4)
    second, oldest = page_of_days(alice, before=older)
    assert [day.date.day for day in second] == [3, 2, 1]
    assert oldest is None


def test_days_page_shows_a_very_full_day_whole(alice):
    for minute in range(40):
        CheckInFactory(user=alice, rated_at=at(10) + timedelta(minutes=minute))
    CheckInFactory(user=alice, rated_at=at(9))
    days, older = page_of_days(alice)
    assert [(day.date.day, len(day.entries)) for day in days] == [(10, 40)]
    assert [day.date.day for day in page_of_days(alice, before=older)[0]] == [9]


@pytest.mark.parametrize(
    ("filters", "days"),
    [
        ({}, [12, 11, 10, 9]),
        ({"side": "left"}, [10]),
        ({"side": "neither"}, []),
        ({"treatment": "mat"}, [12]),
        ({"treatment": "wait"}, [11]),
        ({"condition": "nerve"}, [9]),
        ({"from": "2026-03-10", "until": "2026-03-11"}, [11, 10]),
        ({"from": "11/03/2026"}, [12, 11]),
        ({"before": "2026-03-10"}, [9]),
        ({"until": "2026-03-11", "before": "2026-03-11"}, [10, 9]),
    ],
)
def test_list_filters(as_alice, alice, filters, days):
    mat = TreatmentFactory(user=alice)
    nerve = ConditionFactory(user=alice, name="Trapped nerve")
    CheckInFactory(user=alice, rated_at=at(9), condition=nerve)
    CheckInFactory(user=alice, rated_at=at(10), side="left")
    TreatmentSessionFactory(user=alice, started_at=at(11))
    TreatmentSessionFactory(user=alice, started_at=at(12), treatments=[mat])
    ids = {"mat": mat.pk, "nerve": nerve.pk}
    response = as_alice.get("/diary/", {k: ids.get(v, v) for k, v in filters.items()})
    assert [day for day, _entries in shown(response)] == days


@pytest.mark.parametrize(
    ("filters", "field", "message"),
    [
        ({"from": "1899-01-01"}, "from", "The day must be in 1900 or later."),
        ({"until": "soon"}, "until", "Write a day, for example 2026-03-10."),
        ({"from": "2026-03-02", "until": "2026-03-01"}, "until", "“Until” lies before “from”."),
        ({"side": "up"}, "side", "Select a valid choice. up is not one of the available choices."),
        (
            {"condition": "x"},
            "condition",
            "Select a valid choice. x is not one of the available choices.",
        ),
    ],
)
def test_list_refuses_filters_in_words_and_keeps_them(as_alice, filters, field, message):
    response = as_alice.get("/diary/", filters)
    assert response.status_code == 422
    assert response.context["form"].errors[field] == [message]
    assert response.context["form"][field].value() == filters[field]


def test_list_shows_nothing_of_somebody_else(as_alice, charlie):
    hers = CheckInFactory(user=charlie, note="hers alone")
    TreatmentSessionFactory(user=charlie)
    assert shown(as_alice.get("/diary/")) == []
    assert as_alice.get("/diary/", {"condition": hers.condition_id}).status_code == 422


def test_list_link_to_older_days_keeps_the_filter(as_alice, alice):
    for day in range(1, 28):
        CheckInFactory(user=alice, rated_at=at(day), side="left")
    link = as_alice.get("/diary/", {"side": "left"}).context["older"]
    assert link == "?side=left&before=2026-03-03"
    assert [day for day, _entries in shown(as_alice.get("/diary/" + link))] == [2, 1]


def test_list_names_the_condition_where_there_are_several(as_alice, alice):
    CheckInFactory(user=alice)
    assert b"Sciatica</span>" not in as_alice.get("/diary/").content
    CheckInFactory(user=alice, condition=ConditionFactory(user=alice, name="Trapped nerve"))
    html = as_alice.get("/diary/").content
    assert (html.count(b"Sciatica</span>"), html.count(b"Trapped nerve</span>")) == (1, 1)


def test_list_offers_its_filter_and_keeps_it_open_while_it_narrows(as_alice, alice):
    CheckInFactory(user=alice)
    shows = [
        "form" in as_alice.get("/diary/", query).context
        for query in [{}, {"before": "2026-03-20"}, {"filter": "1"}, {"side": "left"}]
    ]
    assert shows == [False, False, True, True]


@pytest.mark.parametrize("rows", [1, 3])
def test_list_costs_the_same_queries(as_alice, alice, django_assert_num_queries, rows):
    for number in range(rows):
        mat = TreatmentFactory(user=alice, name=f"Mat {number}")
        condition = ConditionFactory(user=alice, name=f"Condition {number}")
        CheckInFactory(user=alice, condition=condition)
        TreatmentSessionFactory(user=alice, condition=condition, treatments=[mat])
        gone = TreatmentSessionFactory(user=alice, condition=condition, treatments=[mat])
        as_alice.post(f"/sessions/{gone.pk}/delete/")
    as_alice.get("/today/")  # the messages are read
    with django_assert_num_queries(6):
        assert as_alice.get("/diary/").status_code == 200
    with django_assert_num_queries(8):
        assert as_alice.get("/diary/?filter=1").status_code == 200


@time_machine.travel(NOON, tick=False)
def test_today_lists_open_sessions_with_the_time_since(as_alice, alice):
    tablet = TreatmentFactory(
        user=alice, name="Tablet", kind="pain_relief", rate_again_after_minutes=90
    )
    TreatmentSessionFactory(user=alice, started_at=NOON - timedelta(hours=25))
    TreatmentSessionFactory(user=alice, started_at=NOON - timedelta(hours=5))
    TreatmentSessionFactory(
        user=alice, started_at=NOON - timedelta(minutes=60), treatments=[tablet]
    )
    TreatmentSessionFactory(user=alice, started_at=NOON - timedelta(minutes=60))
    TreatmentSessionFactory(
        user=alice, started_at=NOON - timedelta(minutes=50), pain_after=0, after_rated_at=NOON
    )
    opened = as_alice.get("/today/").context["page"].open_sessions
    assert [(o.session.names, o.minutes_ago, o.is_due, o.is_late) for o in opened] == [
        ([], 300, True, True),
        (["Tablet"], 60, False, False),
        ([], 60, True, False),
    ]


def test_today_offers_own_recents_first_then_by_name(as_alice, alice):
    kinds = {
        name: TreatmentFactory(user=alice, name=name) for name in ["Zumba", "heat", "Mat", "A"]
    }
    TreatmentSessionFactory(user=alice, started_at=at(1), treatments=[kinds["Mat"]])
    TreatmentSessionFactory(user=alice, started_at=at(2), treatments=[kinds["Zumba"]])
    TreatmentSessionFactory(user=alice, started_at=at(3), treatments=[kinds["Mat"]])
    TreatmentFactory(user=alice, name="Old", archived_at=NOON)
    offered = [treatment.name for treatment in as_alice.get("/today/").context["page"].treatments]
    assert offered == ["Mat", "Zumba", "A", "heat"]


def test_today_remembers_the_side_of_the_newest_entry(as_alice, alice):
    assert as_alice.get("/today/").context["form"]["side"].value() == ""
    CheckInFactory(user=alice, rated_at=at(9), side="left")
    TreatmentSessionFactory(user=alice, started_at=at(10), side="right")
    CheckInFactory(user=alice, rated_at=at(11), side="")
    with time_machine.travel(at(12)):
        assert as_alice.get("/today/").context["form"]["side"].value() == "right"
    assert as_alice.get("/today/").context["form"]["side"].value() == "right"


@pytest.mark.parametrize(("usual", "preset"), [("left", "left"), ("switches", ""), ("", "")])
def test_today_begins_with_the_usual_side(as_alice, alice, usual, preset):
    ConditionFactory(user=alice, usual_side=usual)
    assert as_alice.get("/today/").context["form"]["side"].value() == preset


@time_machine.travel(NOON, tick=False)
def test_today_glances_at_seven_days_with_gaps_and_zeros(as_alice, alice):
    CheckInFactory(user=alice, rated_at=at(10, 8), leg_pain=0, back_pain=None)
    CheckInFactory(user=alice, rated_at=at(8, 8), leg_pain=3, back_pain=7)
    CheckInFactory(user=alice, rated_at=at(8, 20), leg_pain=5, back_pain=None)
    TreatmentSessionFactory(user=alice, started_at=at(8))
    CheckInFactory(user=alice, rated_at=at(3, 8))
    days = as_alice.get("/today/").context["page"].days
    assert [(d.date.day, d.leg_pain, d.back_pain) for d in days] == [
        (4, None, None),
        (5, None, None),
        (6, None, None),
        (7, None, None),
        (8, 5, 7),
        (9, None, None),
        (10, 0, None),
    ]


@time_machine.travel(NOON, tick=False)
def test_today_says_when_a_review_date_has_come(as_alice, alice):
    TreatmentFactory(user=alice, name="Mat", review_on=date(2026, 3, 10))
    TreatmentFactory(user=alice, name="Heat", review_on=date(2026, 3, 11))
    assert [t.name for t in as_alice.get("/today/").context["page"].to_review] == ["Mat"]


@pytest.mark.parametrize("rows", [1, 3])
def test_today_costs_the_same_queries(as_alice, alice, django_assert_num_queries, rows):
    for number in range(rows):
        mat = TreatmentFactory(user=alice, name=f"Mat {number}")
        CheckInFactory(user=alice, rated_at=datetime.now(UTC))
        TreatmentSessionFactory(user=alice, started_at=datetime.now(UTC), treatments=[mat])
    with django_assert_num_queries(26):
        assert as_alice.get("/today/").status_code == 200


@pytest.mark.parametrize("path", ["/diary/", "/diary/2026/3/9/", "/check-ins/{}/edit/"])
def test_time_is_what_the_clock_showed_where_it_was_written(as_alice, alice, path):
    """Whoever moves from London to Berlin finds their evenings where they were."""
    entry = CheckInFactory(user=alice, rated_at=datetime(2026, 3, 9, 23, 30, tzinfo=UTC))
    assert (entry.time_zone, entry.diary_date) == ("Europe/London", date(2026, 3, 9))
    alice.time_zone = "Europe/Berlin"
    alice.save()
    page = as_alice.get(path.format(entry.pk)).content.decode()
    assert ("23:30" in page, "00:30" in page) == (True, False)
