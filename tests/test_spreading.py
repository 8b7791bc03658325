"""Which tests go to a worker together, and which come first."""

import pytest

from tests.spreading import rank, unit


@pytest.mark.parametrize(
    ("nodeid", "whole"),
    [
        ("tests/diary/test_undo.py::test_undo[a::b]", "tests/diary/test_undo.py"),
        (
            "tests/browser/every_page/test_taps.py::test_tap[a::b]",
            "tests/browser/every_page/test_taps.py::test_tap[a::b]",
        ),
    ],
)
def test_file_stays_whole_unless_a_browser_waits_in_it(nodeid, whole):
    assert unit(nodeid) == whole


def test_what_takes_longest_comes_first():
    files = [
        "tests/diary/test_undo.py",
        "tests/browser/every_page/test_taps.py",
        "tests/comparisons/engine/test_day_test_measures.py",
        "tests/config/start/test_roles.py",
        "tests/diary/calls/test_sending.py",
        "tests/your_data/test_same_answer.py",
        "tests/browser/every_page/test_forms.py",
        "tests/your_data/archive/test_round_trip.py",
        "tests/test_who_may.py",
        "tests/browser/every_page/test_pages.py",
    ]
    assert sorted(files, key=rank) == files[::-1]


def test_only_one_worker_begins_with_what_all_share():
    shares = "tests/browser/every_page/test_pages.py::test_every_page_keeps_the_rules"
    begins = [
        f"{shares}[0]",
        "tests/comparisons/engine/test_acceptance.py::test_every_figure_keeps_its_limit[default]",
        "tests/comparisons/engine/test_self_test_measures.py::test_rates",
        f"{shares}[1]",
    ]
    assert [rank(each) for each in begins] == [0, 1, 2, 3]
