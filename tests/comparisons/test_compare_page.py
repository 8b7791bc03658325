import json
import re

import pytest
from django.core.management import CommandError, call_command
from django.template import Context, Template

from apps.comparisons.engine.verdicts import VERDICTS
from apps.comparisons.reading.results import comparison_of
from tests.comparisons.engine.simulated.diaries import helpful_mat, sessions
from tests.comparisons.engine.test_verdicts import a_finding
from tests.factories import CheckInFactory, ConditionFactory, TreatmentFactory

FINDING = {
    "sessions": 40,
    "pairs": 36,
    "unrated": 4,
    "waits": 30,
    "asked": 10,
    "mean_before": 6.0,
    "raw_change": -2.6,
    "difference": -1.4,
    "se": 0.2,
}


def printed(**changes):
    html = Template("{% load verdicts %}{% verdict finding %}").render(
        Context({"finding": a_finding(**(FINDING | changes))})
    )
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html)).strip()


@pytest.mark.parametrize(
    ("verdict", "changes", "words"),
    [
        ("too_early", {"pairs": 5, "waits": 6}, "Too early to tell: about 3 more rated sessions and 2 more waits."),
        ("cannot_separate", {"together_with": ("Heat",)}, "Used together with Heat: the diary cannot tell them apart."),
        ("not_comparable", {"comparable": 4}, "Not comparable yet: you have hardly ever waited at that level of pain."),
        ("too_many_missing", {"sessions": 80, "unrated": 44}, "Too many sessions were never rated again to say anything."),
        ("probably_helps", {}, "Probably more than coincidence: 45 minutes after, pain was lower than when you waited. Noticeable: about 1.4, may be as little as 1.0."),
        ("probably_worse", {"difference": 2.4, "se": 0.2}, "Probably more than coincidence: 45 minutes after, pain was higher than when you waited. Large: about 2.4, may be as little as 2.0."),
        ("no_difference", {"difference": 0.1, "se": 0.2}, "No difference you would notice between this and waiting, 45 minutes after."),
        ("may_help", {"difference": -0.9, "se": 0.4}, "Leaning towards lower, 45 minutes after, than when you waited; not sure: the range for whoever looks every day is wider, 2.0 lower to 0.2 higher. Smaller than most people notice: about 0.9, may be as little as 0.1."),
        ("may_worsen", {"difference": 0.9, "se": 0.4}, "Leaning towards higher, 45 minutes after, than when you waited; not sure: the range for whoever looks every day is wider, 0.2 lower to 2.0 higher. Smaller than most people notice: about 0.9, may be as little as 0.1."),
        ("cannot_tell", {"difference": 0.4, "se": 0.6}, "It could be either: lower or higher than when you waited."),
    ],
)  # fmt: skip
def test_verdict_is_printed_with_its_numbers(verdict, changes, words):
    assert a_finding(**(FINDING | changes)).verdict == verdict
    text = printed(**changes)
    assert text.startswith(words)
    finding = a_finding(**(FINDING | changes))
    assert f"{finding.pairs} sessions, {finding.waits} waits" in text
    assert ("95 % interval" in text) == (verdict != "too_early")


def test_verdict_has_words_for_every_code():
    tried = test_verdict_is_printed_with_its_numbers.pytestmark[0].args[1]
    assert [verdict for verdict, _changes, _words in tried] == list(VERDICTS)


def needed_in(text):
    return re.search(r"To know more: .*?\.(?: At your pace.*?\.)?", text)[0]


@pytest.mark.parametrize(
    ("pairs", "waits", "words"),
    [
        (3, 6, "5 more rated sessions and 2 more waits."),
        (7, 7, "1 more rated session and 1 more wait."),
        (3, 8, "5 more rated sessions."),
        (7, 30, "1 more rated session."),
        (20, 3, "5 more waits."),
        (20, 7, "1 more wait."),
    ],
)
def test_verdict_names_only_what_is_still_needed(pairs, waits, words):
    text = printed(pairs=pairs, waits=waits)
    assert text.startswith(f"Too early to tell: about {words} A number from so few")
    assert needed_in(text) == (f"To know more: about {words}")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"comparable": 4}, "1 more wait."),
        ({"comparable": 1}, "4 more waits."),
        ({"sessions": 80, "unrated": 44}, "30 more rated sessions."),
        ({"difference": 2.4, "strict": None, "asked": 4}, "1 more wait."),
    ],
)
def test_verdict_names_only_what_would_settle_it(changes, words):
    assert needed_in(printed(**changes)) == (f"To know more: about {words}")


def test_verdict_that_is_settled_or_cannot_be_needs_nothing_more():
    for changes in ({}, {"together_with": ("Heat",)}):
        assert "To know more" not in printed(**changes)


def contrast(raw, difference):
    """What the folded part says of a raw change and its difference from waiting."""
    text = printed(raw_change=raw, difference=difference)
    return re.search(r"Plain before-and-after.*?(?= This compares| To know more)", text)[0]


@pytest.mark.parametrize(
    ("raw", "expected", "words"),
    [
        (-2.6, -1.2, "2.6 points lower. But with just waiting, from the same starting pain, it would have been 1.2 points lower too."),
        (2.6, 1.2, "2.6 points higher. But with just waiting, from the same starting pain, it would have been 1.2 points higher too."),
        (0.0, 0.0, "no different. But with just waiting, from the same starting pain, it would have been no different too."),
        (-1.0, 0.5, "1.0 points lower. But with just waiting, from the same starting pain, it would have been 0.5 points higher."),
        (1.0, -0.5, "1.0 points higher. But with just waiting, from the same starting pain, it would have been 0.5 points lower."),
        (0.0, -1.4, "no different. But with just waiting, from the same starting pain, it would have been 1.4 points lower."),
        (0.0, 1.4, "no different. But with just waiting, from the same starting pain, it would have been 1.4 points higher."),
        (-1.4, 0.0, "1.4 points lower. But with just waiting, from the same starting pain, it would have been no different."),
        (1.4, 0.0, "1.4 points higher. But with just waiting, from the same starting pain, it would have been no different."),
        (-0.04, 0.0, "no different. But with just waiting, from the same starting pain, it would have been no different too."),
    ],
)  # fmt: skip
def test_verdict_says_too_only_where_waiting_went_the_same_way(raw, expected, words):
    said = contrast(raw, raw - expected)
    assert (
        re.sub(r" (?:If you rate|This would still) .*", "", said)
        == f"Plain before-and-after would have said: {words}"
    )


@pytest.mark.parametrize(
    ("difference", "words"),
    [
        (-1.4, ["If you rate 1.0 points kinder after doing something than after waiting, this disappears."]),
        (1.4, ["If you rate 1.0 points harsher after doing something than after waiting, this disappears."]),
        (-0.2, []),
        (0.0, []),
        (0.2, []),
    ],
)  # fmt: skip
def test_verdict_says_which_way_of_rating_would_undo_it(difference, words):
    assert re.findall(r"If you rate .*?\.(?= |$)", contrast(-1.0, difference)) == words


def test_verdict_of_what_no_other_treatment_explains_names_none():
    text = printed(is_separable=False, estimate=None)
    assert text.startswith("It was used at other levels of pain than you waited at")


def test_verdict_without_an_estimate_says_so():
    text = printed(estimate=None)
    assert "No difference can be worked out yet." in text
    assert "before-and-after" not in text


@pytest.mark.parametrize("other", [None, "probably_helps", {"verdict": "probably_helps"}])
def test_verdict_is_never_printed_from_anything_but_a_finding(other):
    with pytest.raises(TypeError):
        Template("{% load verdicts %}{% verdict finding %}").render(Context({"finding": other}))


def drawing(response):
    return json.loads(json.dumps(response.context["chart"]["drawing"]))


def test_compare_page_and_command_say_the_same(as_alice, alice, capsys):
    helpful_mat(alice)
    call_command("compare", user=alice.email)
    said = json.loads(capsys.readouterr().out)
    shown = drawing(as_alice.get("/compare/"))
    del said["as_of"], shown["as_of"], shown["words"]
    assert said == shown
    mat = said["treatments"][0]
    assert (mat["kind"], mat["pairs"], mat["verdict"]) == ("acupressure_mat", 40, "probably_helps")
    assert mat["raw_change"] == pytest.approx(mat["expected_change"] + mat["difference"], abs=1e-12)


def test_compare_page_table_holds_the_same_numbers(as_alice, alice):
    helpful_mat(alice)
    sessions(alice, TreatmentFactory(user=alice, name="Heat"), [-1] * 3, minutes=10)
    chart = as_alice.get("/compare/").context["chart"]
    found = comparison_of(alice, ConditionFactory(user=alice))
    assert [row[0] for row in chart["table"]["rows"]] == ["Acupressure mat", "Heat"]
    assert chart["table"]["rows"][0][1] == f"−{abs(found['Acupressure mat'].difference):.1f}"
    assert chart["table"]["rows"][0][3:6] == ["40", "40", "40"]


def test_compare_page_is_sorted_by_name_or_by_sessions_never_by_effect(as_alice, alice):
    helpful_mat(alice, n=10)
    sessions(alice, TreatmentFactory(user=alice, name="Zumba"), [-1] * 12, minutes=10)
    sessions(alice, TreatmentFactory(user=alice, name="heat"), [-2] * 3, minutes=10, note="x")

    def order(**query):
        page = as_alice.get("/compare/", query)
        return [row.name for row in page.context["rows"]]

    assert order() == ["Acupressure mat", "heat", "Zumba"]
    assert order(sort="sessions") == ["Zumba", "Acupressure mat", "heat"]


@pytest.mark.parametrize(
    "query", [{"side": "left"}, {"range": "4w"}, {"from": "2026-03-01", "until": "2026-03-12"}]
)
def test_compare_page_draws_what_is_chosen_but_answers_from_the_whole(as_alice, alice, query):
    helpful_mat(alice)
    whole = as_alice.get("/compare/").context
    part = as_alice.get("/compare/", query).context
    assert part["rows"] == whole["rows"]
    assert part["chart"]["drawing"]["pairs"] < whole["chart"]["drawing"]["pairs"]
    assert {row["verdict"] for row in part["chart"]["drawing"]["treatments"]} <= {None}
    assert [row["verdict"] for row in whole["chart"]["drawing"]["treatments"]] == ["probably_helps"]


def test_compare_page_says_that_the_answers_are_of_the_whole(as_alice, alice):
    helpful_mat(alice)
    said = "The answers above come from your whole diary."
    assert said in as_alice.get("/compare/", {"range": "4w"}).text
    assert said not in as_alice.get("/compare/").text


@pytest.mark.parametrize("query", [{"side": "up"}, {"range": "9y"}, {"sort": "effect"}])
def test_compare_page_refuses_odd_filters(as_alice, alice, query):
    helpful_mat(alice, n=3)
    assert as_alice.get("/compare/", query).status_code == 422


def test_compare_page_of_somebody_else_s_condition_is_missing(as_alice, alice, charlie):
    CheckInFactory(user=alice)
    hers = ConditionFactory(user=charlie)
    assert as_alice.get("/compare/", {"condition": hers.pk}).status_code == 404


def test_compare_page_of_an_empty_diary_says_what_to_do(as_alice, alice):
    assert as_alice.get("/compare/").context["form"].conditions == {}
    CheckInFactory(user=alice)
    page = as_alice.get("/compare/")
    assert page.context["drawn_answers"] == ""
    assert page.text.count("btn btn-primary") == 2  # to start, and of the filter


@pytest.mark.parametrize("rows", [1, 3])
def test_compare_page_costs_the_same_queries(as_alice, alice, django_assert_num_queries, rows):
    for number in range(rows):
        mat = TreatmentFactory(user=alice, name=f"Mat {number}")
        sessions(alice, mat, [-1] * 5, first_day=number)
    first = as_alice.get("/compare/")
    assert first.context["few"]["row"].name == "Mat 0"
    with django_assert_num_queries(5):
        assert as_alice.get("/compare/").context["drawn_answers"] == first.context["drawn_answers"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"user": "nobody@example.com"},
            "There is no account with the address nobody@example.com.",
        ),
        ({"condition": "Knee"}, "There is no condition 'Knee'."),
        ({}, "Say which condition with --condition: Nerve, Sciatica."),
    ],
)
def test_compare_command_says_what_is_wrong(alice, options, message):
    ConditionFactory(user=alice)
    ConditionFactory(user=alice, name="Nerve")
    with pytest.raises(CommandError, match=re.escape(message)):
        call_command("compare", **({"user": alice.email} | options))


def test_verdict_of_no_difference_at_all_reads_as_a_sentence():
    text = printed(difference=0.02)
    assert "No different from waiting (95 % interval: 0.4 lower to 0.4 higher)." in text
    assert "4 sessions were not rated again in time." in text


@pytest.mark.parametrize(
    ("tags", "times"),
    [
        ("{% verdict finding %}", 1),
        ("{% verdict_words finding %}", 1),
        ("{% verdict_words finding is_rest_below=True %}{% how_sure finding %}", 1),
        ("{% verdict_words finding is_rest_below=True %}", 0),
    ],
)
def test_why_a_verdict_is_not_sure_is_explained_once(tags, times):
    leaning = a_finding(**FINDING | {"difference": -0.9, "se": 0.4})
    html = Template("{% load verdicts %}" + tags).render(Context({"finding": leaning}))
    assert html.count("Why not sure:") == times
