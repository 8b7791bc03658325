"""How often it is wrong, read from the table that `make acceptance` writes."""

import pytest
from django.urls import reverse

from apps.comparisons import tried_out
from tests.comparisons.engine.acceptance import report
from tests.comparisons.engine.measures import EVERY_DAY, before_and_after, run
from tests.comparisons.engine.simulator import CASES

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


def test_report_of_the_acceptance_is_read():
    """What `make acceptance` prints, of a few diaries."""
    case = next(case for case in CASES if case.name == "default").with_nothing_working
    measured = {
        ("case", case.name): (case, run(case, range(3))),
        ("plain", case.name): (case, run(case, range(3), before_and_after)),
        ("every day", EVERY_DAY.name): (EVERY_DAY, [[False], [False]]),
    }
    text, _ = report(measured, [], 3)
    found = tried_out.read(text)
    assert (found.diaries, [kind.name for kind in found.kinds]) == (3, ["default"])
    assert [name for name, _ in found.plain] == ["default"]


def test_method_shows_the_figures_where_they_are_known(client, db, written):
    written(TABLE)
    content = " ".join(client.get(reverse("method")).content.decode().split())
    assert "2 kinds, 1,000 of each" in content
    assert "<td>default</td><td>0.4 %</td><td>0.1 %</td>" in content


def test_method_leaves_the_figures_out_where_they_are_not(client, db, written):
    written(None)
    response = client.get(reverse("method"))
    assert (response.status_code, response.context["tried_out"]) == (200, None)
    assert b"How often it is wrong" not in response.content
