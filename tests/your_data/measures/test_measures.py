"""Sleep and steps: a line a day comes in, is shown on the Timeline, and is part of no answer."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from apps.comparisons.reading.results import comparison_of
from apps.diary.models import DayMeasure
from apps.your_data.html.page import export_html
from tests.factories import NOON, CheckInFactory, ConditionFactory, DayMeasureFactory

MEASURES, DELETE = reverse("your_data:measures"), reverse("your_data:measures_delete")
TIMELINE = reverse("comparisons:timeline")


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(NOON)


def kept(user):
    return list(DayMeasure.objects.for_user(user).values_list("day", "sleep_minutes", "steps"))


def test_lines_are_kept_a_day_each(as_alice, alice):
    lines = "2026-03-08, 7.25, 5120\n\n2026-03-09, , 0\n2026-03-10, 0\n"
    assert as_alice.post(MEASURES, {"days": lines}).status_code == 302
    assert kept(alice) == [
        (date(2026, 3, 8), 435, 5120),
        (date(2026, 3, 9), None, 0),
        (date(2026, 3, 10), 0, None),
    ]


def test_newer_file_takes_the_place_of_what_it_measures_and_of_nothing_else(
    as_alice, alice, charlie
):
    DayMeasureFactory(user=alice)
    DayMeasureFactory(user=charlie)
    as_alice.post(MEASURES, {"days": f"{NOON.date()}, , 7000\n{NOON.date()}, , 8000"})
    assert kept(alice) == [(NOON.date(), 432, 8000)]
    assert kept(charlie) == [(NOON.date(), 432, 5120)]


@pytest.mark.parametrize(
    "line",
    [
        "yesterday, 7, 5000",
        "2026-03-08",
        "2026-03-08, ,",
        "2026-03-08, 25,",
        "2026-03-08, -1,",
        "2026-03-08, nan,",
        "2026-03-08, inf,",
        "2026-03-08, 7, 200001",
        "2026-03-08, 7, 1.5",
        "2026-03-08, 7, 5, 6",
        "2026-03-12, 7, 5",
        "1999-12-31, 7, 5",
    ],
)
def test_line_that_is_no_day_is_refused_and_nothing_typed_is_lost(as_alice, line):
    response = as_alice.post(MEASURES, {"days": f"2026-03-08, 7, 1\n{line}"})
    assert (response.status_code, DayMeasure.objects.count()) == (422, 0)
    [said] = response.context["form"].errors["days"]
    assert said == f"“{line}” is no day with hours of sleep (0 to 24) and steps."
    assert line in response.content.decode()


def test_too_many_days_are_refused(as_alice):
    response = as_alice.post(MEASURES, {"days": "2026-03-08, 7, 1\n" * 20_001})
    assert response.context["form"].errors == {"days": ["These are more than 20,000 days."]}


def test_delete_takes_ones_own_alone(as_alice, charlie, alice):
    DayMeasureFactory(user=alice)
    DayMeasureFactory(user=charlie)
    as_alice.post(DELETE)
    assert (kept(alice), len(kept(charlie))) == ([], 1)


def test_timeline_shows_them_beside_the_pain_and_the_answer_stays(as_alice, alice, charlie):
    condition = ConditionFactory(user=alice)
    CheckInFactory(user=alice, condition=condition, leg_pain=4)
    before = comparison_of(alice, condition)
    DayMeasureFactory(user=charlie, steps=77_777)
    assert as_alice.get(TIMELINE).context["measures"] is None
    DayMeasureFactory(user=alice)
    DayMeasureFactory(user=alice, day=NOON.date() - timedelta(days=1), sleep_minutes=None, steps=0)
    context = as_alice.get(TIMELINE, {"range": "4w"}).context["measures"]
    assert [row[1:] for row in context["rows"]] == [("–", "0"), ("7.2", "5,120")]
    sleep, steps = context["measured"]
    assert (sleep["most"], steps["most"]) == ("7.2", "5,120")
    assert [(bar["y"], bar["height"]) for bar in steps["bars"]] == [(40.0, 0.0), (0.0, 40.0)]
    assert comparison_of(alice, condition) == before


@pytest.mark.parametrize("days", [1, 3])
def test_pages_ask_the_same_number_of_queries(as_alice, alice, days, django_assert_num_queries):
    for day in range(days):
        DayMeasureFactory(user=alice, day=NOON.date() - timedelta(days=day))
    with django_assert_num_queries(3):
        as_alice.get(MEASURES)


def test_readable_page_has_them(alice):
    DayMeasureFactory(user=alice, sleep_minutes=None)
    page = " ".join(b"".join(export_html(alice)).decode().split())
    assert "<td>–</td> <td>5120</td>" in page or "<td>–</td> <td>5,120</td>" in page
