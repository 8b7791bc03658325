"""What the report says, in numbers small enough to work out by hand."""

import re
from datetime import date, timedelta

import pytest
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory
from django.utils import timezone

from apps.comparisons.engine.verdicts import VERDICTS
from apps.comparisons.models import KeptComparison
from apps.comparisons.reading.results import comparison_of
from apps.comparisons.reading.spans import Span
from apps.conditions.models import Certainty
from apps.diary.models import CheckIn, RedFlag, RedFlagReview, TreatmentSession
from apps.sharing.models import Section
from apps.sharing.report.first_and_last_weeks import windows
from apps.sharing.report.report import report
from tests.comparisons.engine.simulated.diaries import helpful_mat, sessions
from tests.factories import (
    NOON,
    ActivityFactory,
    CauseFactory,
    CheckInFactory,
    ConditionFactory,
    FunctionRatingFactory,
    TreatmentFactory,
    TreatmentPeriodFactory,
    TreatmentSessionFactory,
)
from tests.sharing.reports import WHOLE, scope_of, shown

DAY = timedelta(days=1)
FIRST = NOON.date()

pytestmark = pytest.mark.django_db


def after(days):
    return NOON + days * DAY


def scope(user, days=28, **kwargs):
    return scope_of(user, FIRST, FIRST + (days - 1) * DAY, **kwargs)


def reported(user, days=28, at=None, **kwargs):
    return report(scope(user, days, **kwargs), at=at or after(days))


def page(user, days=28, **kwargs):
    context = reported(user, days, **kwargs)
    return render_to_string("sharing/report/report.html", context)


def rows_of(found):
    """Group and name of each row of "then and now" with its cells."""
    groups = found["summary"]["then_and_now"]
    named = {(group["name"], ""): group["cells"] for group in groups if group["name"]}
    return named | {(g["name"], name): cells for g in groups for name, cells in g["rows"]}


@pytest.mark.parametrize(
    ("days", "ends"),
    [
        (1, [("That day", 1, 1)]),
        (2, [("First day", 1, 1), ("Last day", 2, 2)]),
        (5, [("First 2 days", 1, 2), ("Last 2 days", 4, 5)]),
        (28, [("First 14 days", 1, 14), ("Last 14 days", 15, 28)]),
        (31, [("First 14 days", 1, 14), ("Last 14 days", 18, 31)]),
    ],
)
def test_first_and_last_two_weeks_never_overlap(days, ends):
    span = Span(date(2026, 3, 1), date(2026, 3, days))
    found = windows(span)
    assert [(w.name, w.span.first_day.day, w.span.last_day.day) for w in found] == ends


def test_then_and_now_counts_each_end_by_itself(alice):
    CheckInFactory(user=alice, rated_at=after(0), leg_pain=8, back_pain=3, painkillers=True)
    CheckInFactory(user=alice, rated_at=after(0), leg_pain=7, painkillers=False)
    CheckInFactory(user=alice, rated_at=after(13), leg_pain=0, painkillers=False)
    CheckInFactory(user=alice, rated_at=after(14), leg_pain=None, painkillers=None)
    CheckInFactory(user=alice, rated_at=after(27), leg_pain=0)
    rows = rows_of(reported(alice))
    assert rows == {
        ("Leg pain, average", ""): ["5.0", "0.0"],
        ("Leg pain, average", "worst"): ["8", "0"],
        ("Leg pain, average", "rated 7 or more"): ["2 of 3", "0 of 1"],
        ("Back pain, average", ""): ["3.0", "no ratings"],
        ("Back pain, average", "worst"): ["3", "–"],
        ("Back pain, average", "rated 7 or more"): ["0 of 1", "–"],
        ("", "Days with painkillers"): ["1 of 2", "not answered"],
        ("", "Days with an entry"): ["2 of 14", "2 of 14"],
    }


def test_painkillers_are_counted_by_day(alice):
    for moment, answer in [(0, True), (0, False), (1, False), (2, None)]:
        CheckInFactory(user=alice, rated_at=after(moment), painkillers=answer)
    assert reported(alice)["summary"]["painkillers"] == {"days": 1, "answered": 2}


def test_range_begins_with_its_first_entry_and_ends_today(alice):
    CheckInFactory(user=alice, rated_at=after(5))
    found = reported(alice, days=60, at=after(9))["span"]
    assert (found.first_day, found.last_day) == (FIRST + 5 * DAY, FIRST + 9 * DAY)


def test_causes_say_who_diagnosed_them(alice):
    CheckInFactory(user=alice)
    CauseFactory(user=alice, kind="spasm", description="piriformis")
    CauseFactory(
        user=alice,
        certainty=Certainty.DIAGNOSED,
        diagnosed_by="my GP, MRI scan",
        diagnosed_on=date(2026, 3, 4),
    )
    CauseFactory(user=alice, kind="stenosis", certainty=Certainty.DIAGNOSED)
    assert reported(alice)["about"]["causes"] == [
        "slipped disc (diagnosed: my GP, MRI scan, 4 March 2026)",
        "muscle spasm in the back or buttocks, “piriformis” (suspected)",
        "lumbar spinal stenosis (diagnosed)",
    ]


def test_switches_of_side_within_the_range(alice):
    for number, side in enumerate(["left", "right", "neither", "right", "left"]):
        CheckInFactory(user=alice, rated_at=after(number), side=side)
    assert reported(alice)["about"]["switches"] == 2


def test_what_was_tried_stands_by_name_with_its_finding(alice):
    helpful_mat(alice)
    sessions(alice, TreatmentFactory(user=alice, name="heat"), [-1, 0], minutes=10)
    insoles = TreatmentFactory(user=alice, name="Insoles", kind="orthotics")
    TreatmentPeriodFactory(user=alice, treatment=insoles, started_on=FIRST)
    injection = TreatmentFactory(user=alice, name="Injection", kind="injection")
    TreatmentSessionFactory(user=alice, started_at=after(3), treatments=[injection])
    summary = reported(alice, days=42)["summary"]
    assert [row.name for row in summary["compared"]] == ["Acupressure mat", "heat"]
    assert [row.name for row in summary["not_compared"]] == ["Injection", "Insoles"]
    mat = summary["compared"][0]
    assert (mat.sessions, round(mat.per_week, 2), mat.first_and_last) == (40, 6.67, (7.0, 6.0))
    finding = comparison_of(alice, ConditionFactory(user=alice), **scope(alice, 42).limits)
    assert mat.finding == finding["Acupressure mat"]


def test_period_of_a_treatment_for_something_else_is_not_told(alice):
    CheckInFactory(user=alice)
    splint = TreatmentFactory(user=alice, name="Wrist splint", kind="orthotics")
    TreatmentPeriodFactory(user=alice, treatment=splint, started_on=FIRST)
    wrist = ConditionFactory(user=alice, name="Wrist")
    TreatmentSessionFactory(user=alice, condition=wrist, treatments=[splint])
    assert reported(alice)["summary"]["not_compared"] == []
    assert "Wrist" not in page(alice)


def test_waits_are_the_reference_with_their_own_change(alice):
    helpful_mat(alice, n=10)
    TreatmentSession.objects.filter(side="").update(asked_by_app=True)
    found = reported(alice, days=14)
    assert (found["summary"]["waited"]["pairs"], found["summary"]["waited"]["change"]) == (10, -0.5)
    quality = found["quality"]
    assert (quality["waits"], quality["waits_asked"], quality["waits_voluntary"]) == (10, 10, 0)


def cells(html):
    """The text of each row of "what was tried", cell by cell."""
    table = re.search(r'<table class="table report-tried".*?</table>', html, re.S).group()
    rows = re.findall(r"<tr[ >].*?</tr>", table, re.S)[1:]
    texts = [re.findall(r"<t[hd][ >].*?</t[hd]>", row, re.S) for row in rows]
    return [[" ".join(re.sub(r"<[^>]*>", " ", cell).split()) for cell in row] for row in texts]


def test_verdict_stands_with_estimate_interval_and_both_counts(alice):
    helpful_mat(alice)
    finding = comparison_of(alice, ConditionFactory(user=alice))["Acupressure mat"]
    mat, wait = cells(page(alice, days=42))
    assert (round(finding.difference, 1), finding.verdict) == (-2.5, "probably_helps")
    assert mat == [
        "Acupressure mat",
        "6.7 in the first and in the last 14 days: 7.0 → then 6.0",
        f"−2.5 −{abs(finding.low):.1f} to −{abs(finding.high):.1f}",
        "Probably more than coincidence: 45 minutes after, pain was lower than after waiting. "
        "Large: about 2.5, may be as little as 2.2. 40 sessions, 40 waits",
        "−3.0 expected −0.5",
    ]
    assert wait[2:] == ["0", "40 waits 40 by coin flip", "−0.5"]


def test_weeks_are_told_from_the_range_alone(alice):
    mat = TreatmentFactory(user=alice)
    TreatmentPeriodFactory(user=alice, treatment=mat, started_on=FIRST + 42 * DAY)
    TreatmentSessionFactory(user=alice, started_at=after(43), treatments=[mat])
    for week in range(10):
        CheckInFactory(user=alice, rated_at=after(7 * week), leg_pain=5 + week % 2, back_pain=0)
    part = report(scope_of(alice, FIRST + 35 * DAY, FIRST + 69 * DAY), at=after(70))
    whole, late = map(words, (page(alice, days=70), shown_of(part)))
    mat = "Over weeks: Acupressure mat"
    known = f"{mat} about where it was heading (5.4 in 5 weeks before, 5.5 in 4 weeks since)"
    assert (known in whole, "Over weeks:" in late) == (True, False)


def shown_of(found):
    return render_to_string("sharing/report/report.html", found)


def words(html):
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def test_plain_before_and_after_is_never_told_without_waiting(alice):
    sessions(alice, TreatmentFactory(user=alice), [-3] * 10)
    mat, wait = cells(page(alice, days=14))
    assert mat[2:] == [
        "– not known yet",
        "Too early to tell: about 8 more waits. 10 sessions, 0 waits",
        "– not known yet",
    ]
    assert wait[4] == "– not known yet"
    assert "Nothing can be said about any treatment yet" in page(alice, days=14)


@pytest.mark.parametrize("verdict", VERDICTS)
def test_words_for_others_do_not_speak_to_the_owner(verdict):
    words = get_template(f"comparisons/verdicts/to_others/{verdict}.html").template.source
    assert not re.search(r"\byou", words)
    assert words.strip()


def test_quality_counts_what_is_missing_or_late(alice):
    hour = timedelta(hours=1)
    CheckInFactory(user=alice, entered_at=NOON + hour)
    CheckInFactory(user=alice, rated_at=after(1), entered_at=after(1))
    mat = TreatmentFactory(user=alice)
    rated = {"pain_after": 0, "after_rated_at": after(2) + hour}
    TreatmentSessionFactory(
        user=alice,
        started_at=after(2),
        entered_at=after(2),
        treatments=[mat],
        **rated,
        after_entered_at=after(2) + 6 * hour,
    )
    TreatmentSessionFactory(user=alice, started_at=after(3), entered_at=after(3), treatments=[mat])
    TreatmentSessionFactory(user=alice, started_at=after(9), entered_at=after(9), treatments=[mat])
    TreatmentSessionFactory(user=alice, started_at=after(4), entered_at=after(4), asked_by_app=True)
    TreatmentSessionFactory(user=alice, started_at=after(5))
    quality = reported(alice, at=after(9) + hour)["quality"]
    assert {key: value for key, value in quality.items() if key != "side_effects"} == {
        "days": 7,
        "entries": 7,
        "n": 3,
        "from_memory": 2,
        "undated": 1,
        "unrated": 1,
        "late": 1,
        "waits": 2,
        "waits_asked": 1,
        "waits_voluntary": 1,
        "waits_unrated": 2,
    }


def test_from_memory_says_the_same_in_python_and_in_the_database(alice):
    half_an_hour = timedelta(minutes=30)
    for late in (half_an_hour, half_an_hour + timedelta(seconds=1), None):
        CheckInFactory(user=alice, entered_at=late and NOON + late)
        after_at = NOON + timedelta(minutes=45)
        TreatmentSessionFactory(
            user=alice,
            entered_at=NOON,
            pain_after=1,
            after_rated_at=after_at,
            after_entered_at=late and after_at + late,
        )
    in_python = [
        entry.is_from_memory
        for model in (CheckIn, TreatmentSession)
        for entry in model.objects.for_user(alice)
    ]
    assert reported(alice)["quality"]["from_memory"] == sum(in_python) == 2


def test_red_flags_come_first_with_what_the_diary_says_of_a_doctor(alice):
    CheckInFactory(
        user=alice, rated_at=after(2), red_flags=["bladder"], red_flags_ticked_at=after(2)
    )
    RedFlagReview.objects.create(user=alice, seen_at=after(3))
    CheckInFactory(
        user=alice,
        rated_at=after(5),
        red_flags=["bladder", "both_legs"],
        red_flags_ticked_at=after(5),
    )
    CheckInFactory(
        user=alice, rated_at=after(40), red_flags=["bowel"], red_flags_ticked_at=after(40)
    )
    bladder, legs = reported(alice, at=after(50))["red_flags"]
    assert (bladder["days"], bladder["seen_at"]) == ([FIRST + 5 * DAY, FIRST + 2 * DAY], None)
    assert (legs["days"], legs["seen_at"]) == ([FIRST + 5 * DAY], None)
    html = page(alice)
    assert html.index("Red flags ticked") < html.index("Cause, as told")
    RedFlagReview.objects.create(user=alice, seen_at=after(6))
    seen = [sign["seen_at"] for sign in reported(alice)["red_flags"]]
    assert seen == [after(6), after(6)]


def test_red_flag_that_is_not_ticked_is_neither_denied_nor_good_news(alice):
    """Whoever was not asked has ticked none either, and the diary holds no "no"."""
    CheckInFactory(user=alice)
    not_known = "Whether they were asked and denied is not recorded."
    names = "numbness between the legs, bladder, bowels, sexual feeling or function."
    html = page(alice)
    assert html.count(names) == 1
    assert (html.count(not_known), "Red flags ticked" in html) == (1, False)
    CheckInFactory(user=alice, red_flags=["bladder", "both_legs"])
    ticked = page(alice)
    rest = "numbness between the legs, bowels, sexual feeling or function."
    assert (ticked.count(rest), ticked.count(not_known)) == (1, 1)
    CheckInFactory(user=alice, red_flags=RedFlag.values)
    assert not_known not in page(alice)


PLANTED = {
    Section.NOTES: "a planted note",
    Section.SIDE_EFFECTS: "a planted rash",
    Section.SESSIONS: "Sessions and waits",
    Section.CHECK_INS: "Check-ins</h2>",
    Section.CHARTS: 'data-chart="pain_over_time"',
    Section.SUMMARY: "What was tried",
}
NEEDS = {Section.NOTES: Section.CHECK_INS}


@pytest.mark.parametrize("section", Section.values)
def test_section_is_shown_only_where_it_is_shared(alice, section):
    words = {"note": "a planted note", "adverse_effect": "a planted rash"}
    CheckInFactory(user=alice, **words)
    TreatmentSessionFactory(user=alice, treatments=[TreatmentFactory(user=alice)], **words)
    ConditionFactory._meta.model.objects.update(note="a planted note")
    assert PLANTED[section] in page(alice)
    without = page(alice, sections=WHOLE - {section})
    assert PLANTED[section] not in without
    alone = page(alice, sections={section})
    assert [s for s in PLANTED if PLANTED[s] in alone] == [section]


def test_page_leads_nowhere_but_to_the_method(alice):
    helpful_mat(alice, n=10)
    html = page(alice, days=14)
    links = re.findall(r'<a [^>]*href="([^"]*)"', html)
    assert links == ["#main", "/method/", "/source/"]
    assert alice.email not in html


def test_range_without_an_entry_says_so(alice):
    ConditionFactory(user=alice)
    html = page(alice)
    assert "Nothing was written down in this time" in html
    assert "What was tried" not in html


def test_list_tells_what_each_entry_says(alice):
    TreatmentSessionFactory(
        user=alice,
        started_at=NOON,
        time_zone="America/New_York",
        pain_before=4,
        pain_after=0,
        after_rated_at=NOON + timedelta(hours=1),
        asked_by_app=True,
        note="at work",
    )
    CheckInFactory(user=alice, leg_pain=0, symptoms=["tingling"], note="in bed")
    found = reported(alice)
    session, check_in = found["sessions"]["rows"][0], found["check_ins"]["rows"][0]
    assert (session["when"], session["what"]) == ("Tue 10 Mar 2026, 08:00", "Wait and see")
    assert session["remarks"] == "asked to wait by coin flip; at work"
    assert (check_in["symptoms"], check_in["remarks"]) == ("tingling", "in bed")


def filled(user, n):
    mat, heat = (TreatmentFactory(user=user, name=name) for name in ("Mat", "Heat"))
    for number in range(n):
        CheckInFactory(
            user=user,
            rated_at=after(number),
            red_flags=["bladder"],
            red_flags_ticked_at=after(number),
            side="left",
            adverse_effect="rash",
        )
        TreatmentSessionFactory(
            user=user, started_at=after(number), treatments=[mat, heat], adverse_effect="rash"
        )
        TreatmentSessionFactory(user=user, started_at=after(number))
        treatment = TreatmentFactory(user=user, name=f"Insoles {number}", kind="orthotics")
        TreatmentPeriodFactory(user=user, treatment=treatment, started_on=FIRST)
        CauseFactory(user=user)


QUERIES = 37


@pytest.mark.parametrize("rows", [1, 3])
def test_report_asks_the_database_equally_often(alice, rows, django_assert_num_queries):
    filled(alice, rows)
    limits = scope(alice)
    with django_assert_num_queries(QUERIES):
        render_to_string("sharing/report/report.html", report(limits, at=after(28)))


def test_report_of_a_thousand_entries_costs_no_more(alice, django_assert_num_queries):
    filled(alice, 1)
    CheckIn.objects.bulk_create(
        CheckInFactory.build(
            user=alice, condition=ConditionFactory(user=alice), rated_at=after(n % 300), leg_pain=5
        )
        for n in range(1000)
    )
    limits = scope(alice, days=365)
    with django_assert_num_queries(QUERIES + 1):  # drawn by week, with the days behind
        found = report(limits, at=after(400))
        html = render_to_string("sharing/report/report.html", found)
    assert "The latest 500 of 1001." in html


@pytest.mark.django_db(transaction=True)
def test_report_is_drawn_in_a_transaction_that_cannot_write(alice):
    helpful_mat(alice)
    answer = shown(RequestFactory().get("/"), scope(alice, days=42), timezone.now())
    assert answer.status_code == 200
    assert KeptComparison.objects.count() == 0


def test_function_stands_beside_pain_with_its_own_best_value(alice):
    CheckInFactory(user=alice)
    stairs, film = (
        ActivityFactory(user=alice, name=name, place=place)
        for place, name in enumerate(("take the stairs", "sit through a film"), 1)
    )
    for number, rating in [(0, 0), (7, 1), (27, 6), (30, 10)]:
        FunctionRatingFactory(user=alice, activity=stairs, rating=rating, rated_at=after(number))
    FunctionRatingFactory(user=alice, activity=film, rating=3, rated_at=after(26))
    other = ActivityFactory(
        user=alice, name="write", condition=ConditionFactory(name="Wrist", user=alice)
    )
    FunctionRatingFactory(user=alice, activity=other, rated_at=after(1))
    rows = rows_of(reported(alice))
    assert {key: cells for key, cells in rows.items() if key[0] == "Function"} == {
        ("Function", ""): ["2 ratings", "2 ratings"],
        ("Function", "sit through a film"): ["–", "3.0"],
        ("Function", "take the stairs"): ["0.5", "6.0"],
    }
    assert "0 cannot – 10 as before" in page(alice)


def test_whoever_hears_the_report_hears_its_tables_by_name_and_its_dashes(alice):
    """A screen reader says nothing at a dash, "right arrow" at an arrow, and "table" at a table."""
    CheckInFactory(user=alice, back_pain=None)
    html = page(alice)
    tables = re.findall(r"<table[^>]*>", html)
    named = [re.search(r'aria-label(ledby)?="[^"]+"', table) is not None for table in tables]
    assert (len(tables) >= 5, set(named)) == (True, {True})
    ids = re.findall(r'<table[^>]* aria-labelledby="([^"]+)"', html)
    assert [each for each in ids if f'<h2 id="{each}">' not in html] == []
    assert re.findall(r"<t[dh][^>]*>\s*–", html) == []
    assert (
        '<span aria-hidden="true">–</span><span class="visually-hidden">not answered</span>' in html
    )
    assert '<span class="visually-hidden">Leg pain: </span>worst' in html
