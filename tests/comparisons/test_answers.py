"""Answers: one row per treatment, with words that never stand without their numbers."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.template import Context, Template
from django.urls import reverse
from django.utils import translation

from apps.comparisons import few_in_words
from apps.comparisons.answer_row import dot_and_interval, in_few_numbers, so_far, x
from apps.comparisons.engine.verdicts import VERDICTS
from apps.comparisons.reading.few_sessions import FewSessions, few_sessions
from apps.diary.models import CheckIn
from apps.treatments.models import Kind, Setting, Treatment
from apps.your_data.importing.store import import_diary
from tests.comparisons.engine.simulated.diaries import helpful_mat, sessions
from tests.comparisons.engine.test_verdicts import a_finding
from tests.comparisons.test_compare_page import FINDING
from tests.factories import (
    NOON,
    ConditionFactory,
    SelfTestFactory,
    TreatmentFactory,
    TreatmentPeriodFactory,
    TreatmentSessionFactory,
)

WHEN = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
TODAY = WHEN.date()


def finding(**changes):
    return a_finding(**(FINDING | changes))


def row(**changes):
    html = Template("{% load verdicts %}{% verdict_in_few_words finding %}").render(
        Context({"finding": finding(**changes)})
    )
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html)).strip()


@pytest.mark.parametrize(
    ("verdict", "changes", "words"),
    [
        ("too_early", {"pairs": 5, "waits": 6}, "Not yet known 5 of 8 sessions, 6 of 8 waits"),
        ("cannot_separate", {"together_with": ("Heat",)}, "Cannot be told apart from Heat 1.4 lower (1.8 to 1.0) · 36 sessions, 30 waits"),
        ("not_comparable", {"comparable": 4}, "Not yet known: hardly ever waited at that pain 1.4 lower (1.8 to 1.0) · 36 sessions, 30 waits"),
        ("too_many_missing", {"sessions": 80, "unrated": 44}, "Too many not rated again 1.4 lower (1.8 to 1.0) · 36 sessions, 30 waits"),
        ("probably_helps", {}, "Probably more than coincidence 1.4 lower (1.8 to 1.0) · 36 sessions, 30 waits"),
        ("probably_worse", {"difference": 2.4, "se": 0.2}, "Probably more than coincidence 2.4 higher (2.0 to 2.8) · 36 sessions, 30 waits"),
        ("no_difference", {"difference": 0.0, "se": 0.2}, "No difference you would notice 0.0 (0.4 lower to 0.4 higher) · 36 sessions, 30 waits"),
        ("may_help", {"difference": -0.9, "se": 0.4}, "Leaning towards lower; not sure: the range for whoever looks every day is wider, 2.0 lower to 0.2 higher. 0.9 lower (1.7 to 0.1) · 36 sessions, 30 waits"),
        ("may_worsen", {"difference": 0.9, "se": 0.4}, "Leaning towards higher; not sure: the range for whoever looks every day is wider, 0.2 lower to 2.0 higher. 0.9 higher (0.1 to 1.7) · 36 sessions, 30 waits"),
        ("cannot_tell", {"difference": 0.4, "se": 0.6}, "Could be either 0.4 higher (0.8 lower to 1.6 higher) · 36 sessions, 30 waits"),
    ],
)  # fmt: skip
def test_row_says_each_verdict_in_few_words_with_its_numbers(verdict, changes, words):
    assert finding(**changes).verdict == verdict
    assert row(**changes) == words


def test_row_has_words_for_every_code():
    marks = test_row_says_each_verdict_in_few_words_with_its_numbers.pytestmark
    assert [verdict for verdict, _changes, _words in marks[0].args[1]] == list(VERDICTS)


@pytest.mark.parametrize("other", [None, "probably_helps"])
def test_row_is_never_printed_from_anything_but_a_finding(other):
    template = Template("{% load verdicts %}{% verdict_in_few_words finding %}")
    with pytest.raises(TypeError):
        template.render(Context({"finding": other}))


@pytest.mark.parametrize(
    ("pairs", "waits", "words"),
    [
        (5, 0, "5 of 8 sessions, 0 of 8 waits"),
        (12, 3, "12 sessions, 3 of 8 waits"),
        (1, 30, "1 of 8 sessions, 30 waits"),
    ],
)
def test_row_says_how_far_it_is(pairs, waits, words):
    assert so_far(finding(pairs=pairs, waits=waits, comparable=waits, estimate=None)) == words


@pytest.mark.parametrize(
    ("difference", "place"),
    [(0, "56.0"), (-1, "39.2"), (1, "72.8"), (-3.2, "2.2"), (-3.3, "2.2"), (9, "109.8")],
)
def test_dot_stands_on_an_axis_that_ends_at_three_point_two(difference, place):
    assert x(difference) == place


def test_dot_is_hollow_where_nothing_is_settled_and_beyond_the_axis_is_an_arrow():
    drawn = dot_and_interval(finding(difference=0.4, se=0.6))
    assert (drawn["is_hollow"], drawn["is_beyond_low"], drawn["is_beyond_high"]) == (
        True,
        False,
        False,
    )
    far = dot_and_interval(finding(difference=-3.0, se=0.4))
    assert (far["is_hollow"], far["is_beyond_low"], far["low"]) == (False, True, "2.2")
    assert dot_and_interval(finding(estimate=None)) is None
    assert dot_and_interval(finding(pairs=7)) is None


def test_course_that_has_ended_is_too_few_to_tell_on_answers_and_card(as_alice, alice):
    course = TreatmentFactory(user=alice, name="Acupuncture")
    ended = TreatmentPeriodFactory(user=alice, treatment=course, started_on=NOON.date())
    for days in range(3):
        at = NOON + timedelta(days=days)
        rated = {"pain_after": 3, "after_rated_at": at + timedelta(minutes=45)}
        TreatmentSessionFactory(user=alice, started_at=at, treatments=[course], **rated)
    pages = ("/compare/", f"/treatments/{course.pk}/card/")
    more, over = "about 5 more rated sessions", "Too few to tell; the course has ended."
    said = [as_alice.get(page).text for page in pages]
    assert [(more in text, over in text) for text in said] == [(True, False)] * 2
    ended.ended_on = NOON.date() + timedelta(days=3)
    ended.save()
    said = [as_alice.get(page).text for page in pages]
    assert [(more in text, over in text) for text in said] == [(False, True)] * 2


def test_numbers_are_written_as_the_language_writes_them_and_drawings_are_not():
    with translation.override("de"):
        assert in_few_numbers(-1.4, -1.8, -1.0) == "1,4 niedriger (1,8 bis 1,0)"
        assert x(-1) == "39.2"


def answers(client, **query):
    return client.get("/compare/", query)


def test_answers_open_with_the_rows_and_draw_them_without_a_script(as_alice, alice):
    mat = helpful_mat(alice)
    page = answers(as_alice)
    assert page.text.index("data-verdict") < page.text.index("How sure are these words?")
    assert [(each.name, each.finding.verdict) for each in page.context["rows"]] == [
        (mat.name, "probably_helps")
    ]
    assert "js/charts" not in page.text
    assert reverse("comparisons:treatment", args=[mat.pk]) in page.text


def test_a_part_is_drawn_below_and_said_on_the_button(as_alice, alice):
    helpful_mat(alice)
    page = answers(as_alice, until="2026-04-01", side="left")
    assert 'data-chart="against_waiting"' in page.text
    assert (page.context["form"].is_set, page.context["form"].in_words()) == (
        True,
        "Sciatica, until 1 April 2026, left",
    )
    assert not answers(as_alice).context["form"].is_set
    ConditionFactory(user=alice, name="Arm")
    assert answers(as_alice).context["form"].is_set


def test_rows_hold_what_is_done_once_or_worn_with_the_weeks_alone(as_alice, alice):
    shot = TreatmentFactory(user=alice, name="Shot", kind=Kind.INJECTION)
    TreatmentSessionFactory(user=alice, treatments=[shot])
    shoes = TreatmentFactory(user=alice, name="Shoes", kind=Kind.ORTHOTICS)
    TreatmentPeriodFactory(user=alice, treatment=shoes)
    TreatmentFactory(user=alice, name="Not begun")
    page = answers(as_alice)
    found = [(each.name, each.finding, each.over["place"]) for each in page.context["rows"]]
    assert found == [("Shoes", None, "not_rated"), ("Shot", None, "not_rated")]
    assert "Done once, so over weeks only" in page.text
    assert "Not rated session by session, so over weeks only" in page.text
    assert "data-verdict" not in page.text


def test_row_of_a_running_self_test_says_nothing_of_it(as_alice, alice):
    mat = helpful_mat(alice)
    test = SelfTestFactory(user=alice, treatment=mat, condition=ConditionFactory(user=alice))
    page = answers(as_alice)
    (sealed,) = page.context["rows"]
    assert (sealed.finding, sealed.over, sealed.drawing) == (None, None, None)
    assert test.get_absolute_url() in page.text
    assert "A self-test is running; its answer comes at the end." in page.text
    assert "data-verdict" not in page.text


def test_rows_hold_nothing_of_others(as_alice, alice, charlie):
    helpful_mat(alice, n=3)
    sessions(charlie, TreatmentFactory(user=charlie, name="Needle"), [-1] * 9)
    assert [each.name for each in answers(as_alice).context["rows"]] == ["Acupressure mat"]


@pytest.mark.parametrize("rows", [1, 3])
def test_answers_with_an_estimate_cost_the_same_queries(
    as_alice, alice, django_assert_num_queries, rows
):
    helpful_mat(alice, n=10)
    for number in range(rows):
        own = TreatmentFactory(user=alice, name=f"Heat {number}")
        sessions(alice, own, [-1, -2] * 4, minutes=10 + number)
    assert answers(as_alice).context["few"] is None
    with django_assert_num_queries(5):
        assert "Heat 0" in answers(as_alice).text


def imported(user, letter):
    file = Path(__file__).parent / f"few_sessions_{letter}.csv"
    assert not import_diary(user, file.read_bytes(), at=WHEN).problems


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


@pytest.mark.parametrize(
    ("letter", "known", "unknown"),
    [
        (
            "a",
            [
                "Your weekly pain was about 6 when you began and is about 4 now.",
                "5 times: pain before 5.8 (4 to 7), after 3.8 (2 to 5); lower every time, by 2.0 on average.",
            ],
            ["cannot be known: too few weeks before it."],
        ),
        (
            "b",
            [
                "About 6 before, about 3½ since.",
                "falling by 0.5 a week before (0.1 to 0.9); all 6 weeks since lie inside that band: about where it was heading.",
                "5 times: pain before 4.6 (4 to 5), after 2.6 (2 to 3); lower every time, by 2.0 on average.",
            ],
            ["That is not proof either way."],
        ),
    ],
)  # fmt: skip
def test_few_sessions_say_what_is_known_what_is_not_and_what_to_do(
    as_alice, alice, time_machine, letter, known, unknown
):
    time_machine.move_to(WHEN, tick=False)
    imported(alice, letter)
    page = answers(as_alice)
    said = text_of(page)
    assert [each for each in known + unknown if each not in said] == []
    assert "You have not waited from such pain yet, so nobody can say how much" in said
    assert page.context["few"]["times"] == "5 times in 6 weeks"
    assert [(way["title"], way["text"]) for way in page.context["few"]["ways"]] == [
        ("A self-test of 24 sessions", "Gives an answer. At one a day until 22 Dec; at your pace 48 weeks."),
        ("Two weeks without it, until 12 Dec", "Go on rating, then two weeks with it, until 26 Dec. A picture, no answer."),
        ("Rate through your next flare", "And wait once before you use it. Little work, slow. At your pace that takes about 22 weeks."),
    ]  # fmt: skip
    assert "0 of 1 treatments" not in said


def few(pairs=(), waits=(), asked=(), lately=0, waits_lately=0, **known):
    days = [TODAY - timedelta(days=day) for day in range(len(pairs))]
    return FewSessions([*pairs], [*waits], [*asked], days, lately, waits_lately, **known)


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        ([], "None of its sessions was rated again in time."),
        ([(7, 5)], "Once: pain before 7, after 5."),
        ([(6, 4), (6, 5)], "2 times: pain before 6, after 4.5 (4 to 5); lower every time, by 1.5 on average."),
        ([(6, 4), (6, 6)], "2 times: pain before 6, after 5 (4 to 6); lower 1 of 2 times, by 1.0 on average."),
        ([(6, 8), (0, 0)], "2 times: pain before 3 (0 to 6), after 4 (0 to 8); lower 0 of 2 times, higher by 1.0 on average."),
    ],
)  # fmt: skip
def test_counts_of_few_sessions(pairs, said):
    assert few_in_words.counts(few(pairs)) == said


@pytest.mark.parametrize(
    ("waits", "said"),
    [
        (0, "You have not waited from such pain yet, so nobody"),
        (1, "You have waited only once, so nobody"),
        (2, "You have waited only 2 times, so nobody"),
    ],
)
def test_under_three_waits_nobody_can_say(waits, said):
    assert few_in_words.nobody_knows(few(waits=[(6, 5)] * waits)).startswith(said)


def test_three_waits_are_something_to_put_beside():
    assert few_in_words.nobody_knows(few(waits=[(6, 5)] * 3)) == ""


@pytest.mark.parametrize(
    ("pairs", "asked", "said"),
    [
        ([(6, 2)] * 5, [(6, 5)] * 3, "all 5 sessions ended with a larger fall than all 3 waits that the coin asked for; if it made no difference, so clean an order comes up once in 56."),
        ([(6, 2)] * 4 + [(6, 5)], [(6, 5)] * 3, "the 5 sessions fell further on average than the 3 waits that the coin asked for; if it made no difference, a gap at least as wide comes up in 4 of 56 orders."),
        ([(6, 5)] * 5, [(6, 2)] * 3, "the 5 sessions did not fall further than the 3 waits that the coin asked for."),
    ],
)  # fmt: skip
def test_order_is_told_with_its_number_of_orders(pairs, asked, said):
    assert few_in_words.order(few(pairs, asked, asked)) == (
        f"From the pain that they began at, {said}"
    )


@pytest.mark.parametrize(("pairs", "asked"), [(5, 0), (0, 5), (5, 1), (3, 2)])
def test_order_is_never_told_of_under_twenty(pairs, asked):
    assert few_in_words.order(few([(6, 2)] * pairs, asked=[(6, 5)] * asked)) == ""


def test_measured_figures_are_those_of_the_acceptance(monkeypatch):
    monkeypatch.setattr(few_in_words, "FALLS_A_POINT", 0.31)
    monkeypatch.setattr(few_in_words, "LOWER_IN_AN_EPISODE", 0.5)
    assert "in 31 of 100, every time in 3 of 100." in few_in_words.in_made_up_diaries()
    assert "in 44 of 100 cases" in few_in_words.after_the_worst()
    assert few_in_words.after_the_worst().endswith("in a fading episode in 50 of 100.")


def test_without_a_session_in_four_weeks_that_is_good_news():
    said = few_in_words.pace(few([(6, 5)]), 7, 8)
    assert "That you hardly need it is good news" in said
    assert few_in_words.self_test(few([(6, 5)]), today=TODAY)["text"] == (
        "Gives an answer, at one a day until 22 Dec. At your pace it cannot."
    )


def test_no_date_is_promised_before_two_weeks_have_shown_a_pace():
    early = few([(6, 5)], lately=1, is_pace_known=False)
    assert few_in_words.pace(early, 7, 8, 60.0) == (
        "How long that takes at your pace can be said after two weeks."
    )
    assert few_in_words.self_test(early, today=TODAY)["text"] == (
        "Gives an answer, at one a day until 22 Dec."
    )
    assert few_in_words.flare("")["text"] == ("And wait once before you use it. Little work, slow.")


@pytest.mark.parametrize(("first_day", "is_known"), [(-12, False), (-13, True)])
def test_first_fortnight_promises_no_weeks(as_alice, alice, time_machine, first_day, is_known):
    time_machine.move_to(NOON + timedelta(hours=2), tick=False)
    mat = TreatmentFactory(user=alice)
    sessions(alice, mat, [-1], first_day=first_day)
    sessions(alice, mat, [-1])
    sessions(alice, None, [0])
    page = answers(as_alice)
    assert bool(re.search("At your pace|weeks at your pace", text_of(page))) is is_known
    assert ("How long that takes at your pace can be said" in text_of(page)) is not is_known
    agree = as_alice.get(f"/treatments/{mat.pk}/self-test/")
    assert [power.weeks for power in agree.context["powers"]] == (
        [24, 32, 48] if is_known else [None] * 3
    )


def test_pace_is_that_of_the_row_where_each_kind_has_its_own():
    said = few_in_words.pace(few([(6, 5)]), 3, 7, 5.2)
    assert said == "At your pace that takes about 6 weeks."
    seldom = few([(6, 5)], lately=1, waits_lately=5)
    assert few_in_words.pace(seldom, 7, 5) == "At your pace that takes about 28 weeks."


def test_few_sessions_are_read_with_their_pace(alice):
    mat, condition = TreatmentFactory(user=alice), ConditionFactory(user=alice)
    sessions(alice, mat, [-1, None], first_day=-40)
    sessions(alice, mat, [-2], first_day=-5)
    sessions(alice, None, [0], first_day=-4, asked_by_app=True)
    sessions(alice, None, [-1], first_day=-3)
    found = few_sessions(alice, condition, mat, today=NOON.date())
    assert (found.pairs, found.asked) == ([(4, 2), (4, 3)], [(4, 4)])
    assert (len(found.waits), len(found.days), found.lately, found.waits_lately) == (2, 3, 1, 2)


def test_the_pace_of_a_young_diary_is_that_of_the_days_there_are(alice):
    mat, condition = TreatmentFactory(user=alice), ConditionFactory(user=alice)
    sessions(alice, mat, [-1] * 3, first_day=-13)
    sessions(alice, None, [0], first_day=-1)
    found = few_sessions(alice, condition, mat, today=NOON.date())
    assert (found.lately, found.waits_lately, found.is_pace_known) == (6, 2, True)


def test_no_self_test_is_offered_of_what_cannot_be_put_off(as_alice, alice):
    needle = TreatmentFactory(user=alice, name="Needle", setting=Setting.APPOINTMENT)
    sessions(alice, needle, [-1] * 3)
    ways = answers(as_alice).context["few"]["ways"]
    assert [way["icon"] for way in ways] == ["pause", "flare"]


def test_of_what_lasts_a_day_the_self_test_is_by_days(as_alice, alice):
    insoles = TreatmentFactory(user=alice, name="Insoles", kind="orthotics")
    sessions(alice, insoles, [-1] * 3)
    assert answers(as_alice).context["few"]["ways"][0]["title"] == "A self-test of 60 days"
    assert few_in_words.self_test_by_days(today=TODAY)["text"] == (
        "Gives an answer, with a check-in every morning and evening until 27 Jan."
    )


def test_several_treatments_while_few_stand_as_rows_with_their_pips(as_alice, alice):
    sessions(alice, TreatmentFactory(user=alice), [-1] * 3)
    sessions(alice, TreatmentFactory(user=alice, name="Heat"), [-1] * 5, minutes=10)
    page = answers(as_alice)
    assert (page.context["few"]["row"].name, page.context["has_axis"]) == ("Heat", False)
    assert "3 of 8 sessions, 0 of 8 waits" in text_of(page)
    assert 'class="ends"' not in page.text


def test_an_imported_diary_is_the_one_that_was_meant(alice):
    imported(alice, "b")
    assert CheckIn.objects.for_user(alice).count() == 52
    assert Treatment.objects.for_user(alice).get().kind == Kind.ACUPRESSURE_MAT
    assert date(2026, 10, 16) in CheckIn.objects.for_user(alice).values_list(
        "diary_date", flat=True
    )
