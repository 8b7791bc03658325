"""How often it is wrong, read from the table that `make acceptance` writes."""

import math

import pytest
from django.urls import reverse

from apps.comparisons import tried_out
from tests.comparisons.engine.simulated.acceptance import measurements
from tests.comparisons.engine.simulated.coins import COINS
from tests.comparisons.engine.simulated.habits import HABITS
from tests.comparisons.engine.simulated.measures import Figure, before_and_after, run
from tests.comparisons.engine.simulated.people import CASES
from tests.comparisons.engine.simulated.tables import VERSION_1, report, with_figures
from tests.comparisons.engine.simulated.waiting_time import WANTED

TABLE = """# The method

1,000 diaries a case. Bias: the largest of the case's treatments, NRS points.

| case | bias | coverage | below 0 | probably helps | probably worse |
|---|---|---|---|---|---|
| default | +0.01 | 95.0 % |  |  |  |
| default, nothing works | +0.02 | 95.1 % | 2.2 % | 0.4 % | 0.1 % |
| flares, nothing works | -0.02 | **92.1 %** | 2.2 % | **3.0 %** | 0.0 % |

| further figure | must be | is |
|---|---|---|
| time | under 100 ms | 50 ms |

| plain before-and-after: interval below 0 for a treatment that does nothing | |
|---|---|
| default, nothing works | 38 % |

| habit: `probably_helps` ever within a year | one in 5 | adaptive | one in 2 | version 1, one in 5 |
| --- | --- | --- | --- | --- |
| waits that eased are not rated | 1.0 % | **17.5 %** | 3.0 % | 31.0 % |
| waits unasked while it rises | 0.0 % | 2.0 % | 1.0 % | 62.5 % |

| unseen: `probably_helps` ever within a year | one in 5 | adaptive | one in 2 | version 1, one in 5 |
| --- | --- | --- | --- | --- |
| rates half a point kinder after doing something | 41.0 % | 42.0 % | 43.0 % | 70.0 % |

| median day of the first `probably_helps`, −1.5 points | must be | is |
| --- | --- | --- |
| one treatment | ≤ 65 | 58 |
| three treatments |  | not within the year |
"""


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Call it with a text: it is then what docs/method.md holds."""

    def write(text):
        file = tmp_path / "method.md"
        monkeypatch.setattr(tried_out, "FILE", file)
        if text is not None:
            file.write_text(text)
        tried_out.figures.cache_clear()

    yield write
    tried_out.figures.cache_clear()


def test_figures_are_those_of_diaries_in_which_nothing_works():
    found = tried_out.read(TABLE)
    assert (found.n, found.worst) == ("1,000", "3.0\N{NO-BREAK SPACE}%")
    assert found.rows == [
        ["default", "0.4\N{NO-BREAK SPACE}%", "0.1\N{NO-BREAK SPACE}%"],
        ["flares", "3.0\N{NO-BREAK SPACE}%", "0.0\N{NO-BREAK SPACE}%"],
    ]
    assert found.plain == [["default", "38\N{NO-BREAK SPACE}%"]]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# The method\n\nNo table.\n",
        "1,000 diaries a case.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
    ],
)
def test_text_without_the_table_has_no_figures(text):
    assert tried_out.read(text) is None


def test_habits_are_read_with_every_coin_and_the_first_version():
    found = tried_out.read(TABLE)
    assert found.habit_rows == [
        ["waits that eased are not rated", *map(spaced, ("1.0", "17.5", "3.0", "31.0"))],
        ["waits unasked while it rises", *map(spaced, ("0.0", "2.0", "1.0", "62.5"))],
    ]
    assert (found.worst_habit, found.worst_before) == (spaced("17.5"), spaced("62.5"))
    assert [habit.before for habit in found.unseen] == [70.0]


def spaced(share):
    return f"{share}\N{NO-BREAK SPACE}%"


def test_days_are_those_of_diaries_in_which_half_were_told():
    assert tried_out.read(TABLE).day_rows == [["one treatment", "58"]]


def test_every_name_of_a_diary_can_be_translated():
    measured = list(measurements(1))
    names = {
        each.row.removesuffix(tried_out.IN_VAIN)
        for each in measured
        if each.table in ("case", "habit", "unseen", "first")
    }
    assert names == set(tried_out.NAMES)


def test_report_of_the_acceptance_is_read():
    """What `make acceptance` prints, of a few diaries."""
    case = next(case for case in CASES if case.name == "default").with_nothing_working
    habit, days = HABITS[0].name, {("first", WANTED[0].case.name, ""): [3.0, 5.0, math.inf]}
    told = {("habit", habit, column): [True, False] for column in (*COINS, VERSION_1)}
    measured = {
        ("case", case.name, ""): run(case, range(3)),
        ("plain", case.name, ""): run(case, range(3), before_and_after),
        ("few", "few sessions", ""): [Figure("few sessions", "lower", 0.25, 0.01, 0.2, 0.3)],
        **told,
        **days,
    }
    text, _ = report(measured, [], 3)
    found = tried_out.read(text)
    assert (found.diaries, [kind.name for kind in found.kinds]) == (3, ["default"])
    assert [name for name, _ in found.plain] == ["default"]
    assert found.habit_rows == [[habit, *[spaced("50.0")] * 4]]
    assert found.day_rows == [["one treatment", "5"]]
    assert "| few sessions | lower 25.0 % |" in text
    assert "Diaries of a year, at least: each habit 2, each median day 3." in text


def test_figures_are_put_below_the_heading_and_nothing_above_it_changes():
    text = "# The method\n\n## How often it is wrong\nOld figures.\n"
    assert with_figures(text, "New.\n") == "# The method\n\n## How often it is wrong\nNew.\n"
    with pytest.raises(ValueError, match="no line"):
        with_figures("# The method\n", "New.\n")


def test_a_figure_that_falls_short_is_bold_and_named():
    told = {("ever", "three useless treatments", ""): [True] * 9 + [False]}
    text, is_good = report(told, [], 10)
    assert "**90.0 %**" in text
    assert not is_good
    assert "Falls short: three useless treatments: ever 0.9000" in text


def test_method_shows_the_figures_where_they_are_known(client, db, written):
    written(TABLE)
    content = " ".join(client.get(reverse("method")).content.decode().split())
    assert "2 kinds, 1,000 of each" in content
    assert '<th scope="row">default</th><td>0.4 %</td><td>0.1 %</td>' in content
    assert "We gave 2 such habits to made-up people" in content
    assert '<th scope="row">one treatment</th><td>58</td>' in content


def test_method_says_what_changed_and_when(client, db, written):
    written(None)
    content = client.get(reverse("method")).content.decode()
    assert "What changed in version 2, and when" in content
    assert "Since 28 November 2026" in content


def test_method_leaves_the_figures_out_where_they_are_not(client, db, written):
    written(None)
    response = client.get(reverse("method"))
    assert (response.status_code, response.context["tried_out"]) == (200, None)
    assert b"How often it is wrong" not in response.content
