"""Which ratings stand after a day with a treatment and after a day without."""

from datetime import date

from apps.comparisons.engine.next_day import MEASURES, mean_of, next_day

MONDAY, TUESDAY, WEDNESDAY, THURSDAY = (date(2026, 3, day) for day in (9, 10, 11, 12))


def given(counts):
    return {rating: n for rating, n in enumerate(counts) if n}


def rated(counts, measure="leg_pain"):
    return given(counts[measure]["with"]), given(counts[measure]["without"])


def test_next_day_takes_the_rating_of_the_day_after():
    ratings = {TUESDAY: {"leg_pain": 3}, WEDNESDAY: {"leg_pain": 7}}
    counts = next_day({MONDAY}, {MONDAY, TUESDAY, WEDNESDAY}, ratings)
    assert rated(counts) == ({3: 1}, {7: 1})


def test_next_day_takes_zero_as_a_rating_and_missing_as_missing():
    ratings = {TUESDAY: {"leg_pain": 0, "sleep": None}, WEDNESDAY: {"sleep": 8}}
    counts = next_day({MONDAY, TUESDAY}, {MONDAY, TUESDAY, WEDNESDAY}, ratings)
    assert rated(counts) == ({0: 1}, {})
    assert rated(counts, "sleep") == ({8: 1}, {})


def test_next_day_leaves_out_days_of_which_nobody_wrote():
    ratings = {MONDAY: {"leg_pain": 4}, THURSDAY: {"leg_pain": 6}}
    assert rated(next_day({MONDAY}, {MONDAY, THURSDAY}, ratings)) == ({}, {})


def test_next_day_counts_a_day_once_whatever_was_done_on_it():
    counts = next_day([MONDAY, MONDAY], [MONDAY, MONDAY], {TUESDAY: {"leg_pain": 4}})
    assert rated(counts) == ({4: 1}, {})


def test_next_day_of_an_empty_diary_has_no_rating():
    counts = next_day((), (), {})
    assert {measure: rated(counts, measure) for measure in MEASURES} == dict.fromkeys(
        MEASURES, ({}, {})
    )


def test_mean_of_counts_is_the_mean_of_the_ratings():
    """Ratings 0, 0, 3 and 9 have the mean 3."""
    assert mean_of([2, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0]) == 3.0
    assert mean_of([0] * 11) is None
