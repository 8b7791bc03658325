"""Words and numbers as people write them in their own tables."""

import pytest

from apps.your_data.foreign.questions import guessed_target
from apps.your_data.foreign.scales import How, Trouble, converted, looked_at
from apps.your_data.foreign.treatments import parts_of, signs_in
from apps.your_data.foreign.words import (
    furthest_in,
    is_yes,
    minutes_in,
    side_in,
    symptoms_in,
)


@pytest.mark.parametrize(
    ("word", "target"),
    [
        ("Leg pain", "leg_pain"),
        ("Linke Wade", "leg_pain"),
        ("Lower back", "back_pain"),
        ("Rückenschmerzen", "back_pain"),
        ("Back and left leg", "both"),
        ("Symptom: Pain", ""),
        ("Schmerzen", ""),
        ("Energy", "out"),
        ("Feedback", "out"),
        ("Treatment: Heat pad", "note"),
    ],
)
def test_word_is_guessed_only_where_it_says_the_place(word, target):
    assert guessed_target(word) == target


@pytest.mark.parametrize(
    ("text", "side"),
    [("Left leg", "left"), ("rechtes Bein", "right"), ("left and right", "both"), ("leg", "")],
)
def test_side_in_words(text, side):
    assert side_in(text) == side


@pytest.mark.parametrize(
    ("cells", "trouble"),
    [
        (["6", "7,0", "10"], None),
        (["6.5", "7"], Trouble.HALF),
        (["65", "7"], Trouble.HUNDRED),
        (["6%", "7/100"], Trouble.HUNDRED),
        (["3", "6", "7", "8", "5", "45"], None),
        (["3/4"], Trouble.SHORT),
        (["6/10", "7 out of 10", "8 von 10"], None),
        (["6", "6 ½"], Trouble.HALF),
        (["0"] * 9, None),
        (["0"] * 10, Trouble.SHORT),
        ([], None),
    ],
)
def test_trouble_with_a_scale_is_seen_in_its_numbers(cells, trouble):
    assert looked_at("Pain", cells).trouble == trouble


@pytest.mark.parametrize("name", ["Pain (0-4)", "Pain 1–5", "Schmerz 0 bis 5", "Pain /5"])
def test_trouble_with_a_scale_is_seen_in_its_name(name):
    assert looked_at(name, ["3"]).trouble == Trouble.SHORT


def test_low_numbers_beside_higher_ones_are_low_on_the_same_scale():
    assert looked_at("Pain", ["0"] * 10, is_whole_scale=True).trouble is None


def test_words_are_told_apart_from_numbers():
    assert looked_at("Pain", ["bad", "6", "bad", "ok"]).words == ("bad", "ok")


@pytest.mark.parametrize(
    ("cell", "how", "rating"),
    [
        ("6.5", How.UP, "7"),
        ("6,5", How.DOWN, "6"),
        ("5.5", How.DOWN, "5"),
        ("6.6", How.DOWN, "7"),
        ("65", How.TENTH, "7"),
        ("64%", How.TENTH, "6"),
        ("0", How.TENTH, "0"),
        ("6½", How.UP, "7"),
        ("65 of 100", How.TENTH, "7"),
        ("-1", How.UP, None),
        ("-1", How.TENTH, None),
        ("3", How.NOTE, None),
        ("bad", How.UP, None),
    ],
)
def test_conversion_says_which_way_halves_go(cell, how, rating):
    assert converted(cell, how) == rating


@pytest.mark.parametrize(
    ("cell", "signs", "parts"),
    [
        ("Heat | Mat", ["|"], ["Heat", "Mat"]),
        ("Heat/Mat + Walk", ["/", "+"], ["Heat", "Mat", "Walk"]),
        ("A&B, C", ["&", ","], ["A", "B", "C"]),
        ("Heat pack", [], ["Heat pack"]),
        ("Heat,", [], ["Heat"]),
    ],
)
def test_signs_between_treatments(cell, signs, parts):
    assert (signs_in(cell), parts_of(cell)) == (signs, parts)


@pytest.mark.parametrize(
    ("cell", "is_taken"),
    [("yes", True), ("Nein", False), ("x", True), ("0", False), ("2", True), ("Ibuprofen", None)],
)
def test_yes_and_no(cell, is_taken):
    assert is_yes(cell) is is_taken


@pytest.mark.parametrize(
    ("cell", "is_hours", "minutes"),
    [
        ("20", False, "20"),
        ("20 min", False, "20"),
        ("1h 30m", False, "90"),
        ("1:30", False, "1:30"),
        ("1,5", True, "90"),
        ("1:30", True, "90"),
        ("2 h", True, "120"),
        ("long", True, "long"),
    ],
)
def test_durations(cell, is_hours, minutes):
    assert minutes_in(cell, is_hours=is_hours) == minutes


def test_symptoms_and_reach_in_two_languages():
    assert symptoms_in("Taubheit und Kribbeln, nausea") == (["numbness", "tingling"], ["nausea"])
    assert [furthest_in(text) for text in ("linker Fuß", "upper leg", "elbow")] == [
        "foot",
        "thigh",
        "",
    ]
