"""The comparison as a whole: what comes out of which diary."""

import datetime
import json
import pickle
import subprocess
import sys

import numpy as np
import pytest

from apps.comparisons.engine.design import columns_of
from apps.comparisons.engine.regression import always_valid_half_width
from apps.comparisons.engine.rows import all_ratings, rows_of
from apps.comparisons.engine.stats import Session, compare
from tests.comparisons.engine.simulated.simulator import CASES, Case, simulate
from tests.comparisons.engine.test_design import a_session


def a_diary(*kinds, rounds=12, seed=0):
    """Each kind `rounds` times: a tuple of treatments and the mean change after it."""
    rng = np.random.default_rng(seed)
    days = iter(range(1000))
    return [
        a_session(
            day=next(days),
            treatments=treatments,
            before=(before := int(rng.integers(4, 8))),
            after=int(np.clip(before + change + rng.integers(-1, 2), 0, 10)),
            hour=float(rng.uniform(0, 8)),
            asked_by_app=not treatments,
        )
        for _ in range(rounds)
        for treatments, change in kinds
    ]


def test_compare_of_nothing_is_empty():
    assert compare([]).as_dict() == {
        "method": "2",
        "as_of": None,
        "condition": None,
        "pairs": 0,
        "waits": 0,
        "asked_waits": 0,
        "days": 0,
        "missing_waits": 0.0,
        "missing_asked_waits": 0.0,
        "asks": 0,
        "skipped": 0,
        "treatments": [],
        "differences": [],
        "self_tests": [],
    }


def test_as_dict_has_the_shape_of_the_method():
    diary = a_diary(((), 0), (("Mat",), -3))
    as_of = datetime.datetime(2026, 11, 22, 18, tzinfo=datetime.UTC)
    found = compare(diary).as_dict(
        as_of=as_of, condition="Sciatica", kinds={"Mat": "acupressure_mat"}
    )
    only = found["treatments"][0]
    assert list(found) == [
        *("method", "as_of", "condition", "pairs", "waits", "asked_waits", "days"),
        *("missing_waits", "missing_asked_waits", "asks", "skipped"),
        *("treatments", "differences", "self_tests"),
    ]
    assert (found["as_of"], found["condition"]) == ("2026-11-22T18:00:00+00:00", "Sciatica")
    assert (found["pairs"], found["waits"], found["days"]) == (24, 12, 24)
    assert list(only) == [
        *("treatment", "kind", "pairs", "sessions", "missing", "comparable_waits"),
        *("mean_before", "raw_change", "expected_change", "difference", "se", "low", "high"),
        *("always_valid_half_width", "strict", "strict_se", "strict_always_valid_half_width"),
        *("as_randomised", "as_randomised_se", "verdict", "why_unsure"),
        *("sessions_needed", "waits_needed", "together_with"),
    ]
    assert (only["treatment"], only["kind"], only["verdict"]) == (
        "Mat",
        "acupressure_mat",
        "probably_helps",
    )
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_findings_are_sorted_by_name():
    result = compare(a_diary(((), 0), (("b",), 0), (("C",), 0), (("a",), 0)))
    assert [finding.treatment for finding in result] == ["C", "a", "b"]
    assert len(result) == 3
    with pytest.raises(KeyError):
        result["d"]


def test_the_fit_equals_the_model_written_out():
    """Twelve pairs: `after ~ Mat + 1 + before`, by the normal equations."""
    diary = a_diary(((), 0), (("Mat",), -2), rounds=6)
    before, after = (np.array([getattr(s, name) for s in diary]) for name in ("before", "after"))
    columns = np.column_stack([[bool(s.treatments) for s in diary], np.ones(12), before])
    expected = np.linalg.solve(columns.T @ columns, columns.T @ after)
    assert compare(diary)["Mat"].difference == pytest.approx(expected[0], abs=1e-9)


def test_expected_change_is_the_prediction_with_the_treatment_taken_out():
    diary = simulate(Case("often two at once", days=182, second_treatment=0.4), seed=3)
    result = compare(diary.sessions, diary.ratings)
    rows = rows_of(diary.sessions, datetime.UTC)
    pairs = rows[rows.has_pair]
    columns = np.column_stack([pairs.uses, columns_of(pairs, *all_ratings(rows, diary.ratings))])
    assert columns.shape[1] > 3 + 5  # every term is in
    coefficients = np.linalg.lstsq(columns, pairs.after, rcond=None)[0]
    for index, finding in enumerate(result):
        own = pairs.uses[:, index]
        without = columns.copy()
        without[:, index] = 0
        predicted = (without @ coefficients)[own].mean() - pairs.before[own].mean()
        assert finding.expected_change == pytest.approx(predicted, abs=1e-9)
        assert finding.raw_change == pytest.approx(
            finding.expected_change + finding.difference, abs=1e-12
        )


def test_check_ins_are_never_pairs():
    diary = a_diary(((), 0), (("Mat",), -2), rounds=6)
    ratings = [(s.started_at + datetime.timedelta(hours=3), 9) for s in diary]
    assert compare(diary, ratings).as_dict() == compare(diary).as_dict()


def test_check_ins_enter_the_recent_level_from_fourteen_pairs_on():
    diary = a_diary(((), 0), (("Mat",), -2), rounds=7)
    ratings = [(s.started_at - datetime.timedelta(hours=3), s.before // 2) for s in diary]
    assert compare(diary, ratings)["Mat"].difference != compare(diary)["Mat"].difference


@pytest.mark.parametrize(
    ("rating", "words"),
    [
        ((datetime.datetime(2026, 1, 1), 5), "with its time zone"),
        ((datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC), 11), "between 0 and 10"),
        ((datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC), None), "between 0 and 10"),
    ],
)
def test_a_check_in_that_cannot_be_is_refused(rating, words):
    with pytest.raises(ValueError, match=words):
        compare([], [rating])


def test_missing_ratings_are_counted_and_never_filled_in():
    rated = a_diary(((), 0), (("Mat",), -2))
    unrated = [a_session(day=100 + n, treatments=("Mat",), after=None) for n in range(3)]
    late = [a_session(day=200, treatments=("Mat",), after=0, minutes=91)]
    finding = compare(rated + unrated + late)["Mat"]
    assert (finding.sessions, finding.pairs, finding.unrated) == (16, 12, 4)
    assert finding.missing == 0.25
    assert finding.difference == compare(rated)["Mat"].difference


def test_a_treatment_with_one_rated_session_is_left_out_with_its_pairs():
    common = a_diary(((), 0), (("Mat",), -2))
    rare = [a_session(day=300, treatments=("Gel", "Mat"), before=8, after=1)]
    result = compare(common + rare)
    assert result.pairs == 24
    assert result["Mat"].difference == compare(common)["Mat"].difference
    assert (result["Mat"].pairs, result["Mat"].sessions, result["Mat"].unrated) == (12, 13, 0)
    gel = result["Gel"]
    assert (gel.verdict, gel.pairs, gel.estimate, gel.raw_change) == ("too_early", 1, None, -7)


def test_a_treatment_never_rated_has_counts_only():
    gel = compare([a_session(treatments=("Gel",), after=None)])["Gel"]
    assert (gel.verdict, gel.sessions, gel.pairs, gel.missing) == ("too_early", 1, 0, 1.0)
    assert (gel.mean_before, gel.raw_change, gel.estimate) == (None, None, None)


@pytest.mark.parametrize(("waits", "has_estimate"), [(2, False), (3, True)])
def test_an_estimate_needs_three_waits(waits, has_estimate):
    diary = a_diary((("Mat",), -2)) + a_diary(((), 0), rounds=waits, seed=1)
    assert (compare(diary)["Mat"].estimate is not None) == has_estimate


@pytest.mark.parametrize(("treated", "has_estimate"), [(4, False), (5, True)])
def test_an_estimate_needs_eight_pairs(treated, has_estimate):
    diary = a_diary((("Mat",), -2), rounds=treated) + a_diary(((), 0), rounds=3, seed=1)
    assert (compare(diary)["Mat"].estimate is not None) == has_estimate


@pytest.mark.parametrize(
    ("used", "pairs_short"),
    [(["ab", "bc", "cd", "da", "ac"], 1), (["ab", "bc", "cd", "da", "ac", "ac"], 0)],
)
def test_an_estimate_needs_three_residual_degrees(used, pairs_short):
    """Sessions of two out of four treatments each, and three waits: six columns."""
    treated = [
        a_session(day=n, treatments=tuple(names), before=5 + n % 3, after=3 + n * n % 4)
        for n, names in enumerate(used)
    ]
    found = compare(treated + [a_session(day=20 + n, before=5 + n % 2) for n in range(3)])
    assert found.pairs == 3 + len(used)
    assert found["a"].pairs_short == pairs_short
    assert (found["a"].estimate is None) == (pairs_short > 0)


def test_what_was_done_on_one_day_only_has_no_estimate():
    """Leaving that day out would leave nothing: no jackknife can say how sure the rest is."""
    waits = a_diary(((), 0), rounds=10)
    one_day = [
        a_session(day=50, hour=n / 2, treatments=("Mat",), before=6, after=n % 3) for n in range(10)
    ]
    finding = compare(waits + one_day)["Mat"]
    assert (finding.pairs, finding.waits) == (10, 10)
    assert (finding.estimate, finding.verdict) == (None, "too_early")
    two_days = [*one_day, a_session(day=60, treatments=("Mat",), before=6, after=2)]
    assert compare(waits + two_days)["Mat"].estimate is not None


def test_treatments_always_together_cannot_be_separated_and_others_can():
    diary = a_diary(((), 0), (("Heat", "Mat"), -3), (("Gel",), -3))
    result = compare(diary)
    assert [f.verdict for f in result] == ["probably_helps", "cannot_separate", "cannot_separate"]
    assert result["Heat"].together_with == ("Mat",)
    assert result["Mat"].together_with == ("Heat",)
    assert result["Mat"].estimate is None
    assert result["Gel"].together_with == ()
    assert result.difference("Mat", "Gel") is None


@pytest.mark.parametrize(("alone", "verdict"), [(3, "cannot_separate"), (4, "probably_helps")])
def test_eighty_per_cent_together_counts_as_always(alone, verdict):
    diary = a_diary(((), 0), (("Heat", "Mat"), -3)) + a_diary((("Mat",), -3), rounds=alone, seed=1)
    mat = compare(diary)["Mat"]
    assert mat.verdict == verdict
    assert mat.estimate is not None


def test_together_one_way_only_can_be_separated():
    """Heat always with the mat, the mat mostly alone: Heat is what it adds to the mat."""
    diary = a_diary(((), 0), (("Heat", "Mat"), -3), (("Mat",), -3))
    assert compare(diary)["Heat"].together_with == ()


def test_treatments_of_which_one_is_always_in_a_session_with_two_of_three_are_told_apart():
    kinds = [("a", "b"), ("b", "c"), ("a", "c")]
    result = compare(a_diary(((), 0), *[(kind, -2) for kind in kinds]))
    assert all(finding.estimate is not None for finding in result)


def test_a_treatment_used_at_one_pain_and_waits_at_another_cannot_be_separated():
    """The before-rating says already what was done: no other treatment is to blame."""
    treated = [a_session(day=n, treatments=("Mat",), before=8, after=5 + n % 2) for n in range(10)]
    waits = [a_session(day=20 + n, before=4, after=4 + n % 2) for n in range(10)]
    finding = compare(treated + waits)["Mat"]
    assert (finding.verdict, finding.together_with) == ("cannot_separate", ())


def test_waits_at_another_pain_are_not_comparable():
    rng = np.random.default_rng(0)
    treated = [
        a_session(day=n, treatments=("Mat",), before=7 + n % 3, after=4 + int(rng.integers(3)))
        for n in range(12)
    ]
    mild = [a_session(day=20 + n, before=2 + n % 3, after=3 + n % 2) for n in range(12)]
    bad = [a_session(day=40 + n, before=9 - n % 3, after=8 - n % 2) for n in range(5)]
    assert compare(treated + mild + bad[:4])["Mat"].verdict == "not_comparable"
    finding = compare(treated + mild + bad)["Mat"]
    assert (finding.comparable_waits, finding.verdict) == (5, "cannot_tell")


def test_identical_ratings_before_and_after_are_a_difference_of_zero():
    diary = a_diary(((), 0), (("Mat",), 0), rounds=40)
    same = [Session(s.started_at, s.treatments, s.before, s.before, s.after_at) for s in diary]
    finding = compare(same)["Mat"]
    assert (finding.difference, finding.se, finding.verdict) == (0.0, 0.0, "no_difference")


def test_constant_ratings_everywhere_are_a_difference_of_zero():
    same = [a_session(day=n, treatments=("Mat",) * (n % 2), before=5, after=5) for n in range(80)]
    finding = compare(same)["Mat"]
    assert (finding.difference, finding.raw_change, finding.verdict) == (0.0, 0.0, "no_difference")


def test_an_optional_term_never_takes_the_estimate_away():
    """All waits from the same pain: the interaction would make the model singular; it goes."""
    rng = np.random.default_rng(1)
    waits = [a_session(day=2 * n, before=7, after=int(rng.integers(5, 9))) for n in range(40)]
    treated = [
        a_session(
            day=2 * n + 1, treatments=("Mat",), before=6 + n % 2, after=int(rng.integers(5, 9))
        )
        for n in range(40)
    ]
    assert compare(waits + treated)["Mat"].estimate is not None


def test_the_strict_estimate_stands_on_asked_waits_only():
    """Voluntary waits at good moments: rated down by themselves, so the mat looks harmful."""
    asked = [a_session(day=n, before=6, after=6 + n % 2, asked_by_app=True) for n in range(5)]
    chosen = [a_session(day=10 + n, before=5 + n % 2, after=2 + n % 2) for n in range(20)]
    treated = [
        a_session(day=40 + n, treatments=("Mat",), before=5 + n % 3, after=5 + n % 3)
        for n in range(13)
    ]
    finding = compare(asked + chosen + treated)["Mat"]
    assert finding.difference > 1
    assert finding.strict < 0
    assert finding.verdict != "probably_worse"
    assert compare(asked[:4] + chosen + treated)["Mat"].strict is None


def test_the_strict_estimate_is_the_estimate_where_every_wait_was_asked_for():
    waits = [a_session(day=n, before=4 + n % 4, after=5, asked_by_app=True) for n in range(12)]
    finding = compare(waits + a_diary((("Mat",), -2), seed=2))["Mat"]
    assert finding.strict == pytest.approx(finding.difference, abs=1e-9)


def test_difference_of_two_treatments_uses_their_joint_variance():
    """Both lean on the same waits: the difference is surer than the two alone would make it."""
    diary = a_diary((("Heat",), -1), (("Mat",), -3), rounds=20) + a_diary(((), 0), rounds=8, seed=1)
    result = compare(diary)
    found = result.difference("Mat", "Heat")
    heat, mat = result["Heat"], result["Mat"]
    assert found.estimate == mat.difference - heat.difference
    assert found.se < np.hypot(heat.se, mat.se) * 0.9
    assert found.estimate - found.low == pytest.approx(found.high - found.estimate)
    back = result.difference("Heat", "Mat")
    assert (back.estimate, back.low, back.high) == pytest.approx(
        (-found.estimate, -found.high, -found.low)
    )


def test_difference_equals_recoding_one_treatment_as_the_reference():
    diary = a_diary((("Heat",), -1), (("Mat",), -3), ((), 0), rounds=6)
    names = {(): ("Wait",), ("Heat",): (), ("Mat",): ("Mat",)}
    recoded = [
        Session(s.started_at, names[s.treatments], s.before, s.after, s.after_at) for s in diary
    ]
    found, again = compare(diary).difference("Mat", "Heat"), compare(recoded)["Mat"]
    assert (found.estimate, found.se) == pytest.approx((again.difference, again.se), abs=1e-9)
    assert (found.low, found.high) == pytest.approx((again.low, again.high), abs=1e-9)


def test_not_told_apart_lists_overlapping_treatments():
    result = compare(a_diary(((), 0), (("a",), 0), (("b",), 0), (("c",), -4), rounds=20))
    assert result.not_told_apart() == [("a", "b")]
    assert not result.difference("a", "b").is_told_apart
    assert result.difference("a", "c").is_told_apart
    assert not result.is_none_told_apart()


def test_the_bound_is_shared_out_among_all_that_may_be_told_apart():
    """a and c differ by more than the bound of one difference and less than that of one in three;
    a fourth treatment under 8 pairs may not be told apart and takes no share."""
    arms = ((("a",), 0), (("b",), 0), (("c",), -0.5))
    among_three = compare(a_diary(((), 0), *arms, rounds=18)).difference("a", "c")
    alone, shared = (always_valid_half_width(among_three.se, 4 * 18 - 1, n) for n in (1, 3))
    assert alone < abs(among_three.estimate) < shared
    assert not among_three.is_told_apart
    rare = [
        a_session(day=900 + day, treatments=("d",), before=5, after=5 - day % 2) for day in range(7)
    ]
    result = compare([*a_diary(((), 0), (("a",), 0), (("c",), -0.5), rounds=18), *rare])
    told = result.difference("a", "c")
    assert abs(told.estimate) < always_valid_half_width(told.se, result.days - 1, 3)
    assert told.is_told_apart


@pytest.mark.parametrize(
    ("effects", "is_none"), [((0, 0, 0), True), ((0,), False), ((0, 4), False)]
)
def test_none_is_told_apart_only_where_there_are_two_and_all_overlap(effects, is_none):
    arms = [((name,), effect) for name, effect in zip("abc", effects, strict=False)]
    assert compare(a_diary(((), 0), *arms, rounds=20)).is_none_told_apart() == is_none


def test_the_shared_rating_of_a_wait_given_up_counts_once():
    """Given up and treated at once: one rating, written as an after and as a before."""
    diary = []
    for n in range(10):
        wait = a_session(day=n, before=5 + n % 3, after=7 + n % 2, minutes=20)
        mat = Session(
            wait.after_at, ("Mat",), wait.after, 5, wait.after_at + datetime.timedelta(hours=1)
        )
        diary += [wait, mat]
    as_check_in_too = [(s.started_at, s.before) for s in diary]
    assert compare(diary).as_dict() == compare(diary, as_check_in_too).as_dict()


def test_a_comparison_can_be_kept_and_is_the_same_afterwards():
    result = compare(a_diary(((), 0), (("a",), 0), (("b",), -3)))
    again = pickle.loads(pickle.dumps(result))  # noqa: S301 - made in this line
    assert again == result
    assert again.difference("a", "b") == result.difference("a", "b")


def test_input_may_be_read_once_only():
    diary = simulate(CASES[0], seed=1)
    once = compare(iter(diary.sessions), iter(diary.ratings))
    assert once.as_dict() == compare(diary.sessions, diary.ratings).as_dict()


def test_stats_needs_no_django():
    code = "import sys, apps.comparisons.engine.stats; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_stats_does_not_import_scipy_stats():
    code = (
        "import sys, apps.comparisons.engine.stats as s; s.compare([]);"
        "sys.exit('scipy.stats' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
