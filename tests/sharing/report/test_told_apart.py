"""Which treatments are told apart, in as few words as it takes."""

from apps.comparisons.engine.stats import compare
from apps.sharing.report.told_apart import in_groups, told_apart
from tests.comparisons.engine.test_stats import a_diary


def test_of_many_pairs_the_shorter_half_is_said():
    like_waiting = [((name,), 0) for name in "abcd"]
    found = told_apart(compare(a_diary(((), 0), *like_waiting, (("e",), -4), rounds=20)))
    assert (len(found["pairs"]), found["are_many"], found["is_none"]) == (6, True, False)
    assert found["is_by_difference"]
    assert found["groups"] == [("a", ["e"]), ("b", ["e"]), ("c", ["e"]), ("d", ["e"])]


def test_few_pairs_are_said_at_a_glance():
    found = told_apart(compare(a_diary(((), 0), (("a",), 0), (("b",), 0), (("c",), -4), rounds=20)))
    assert (found["pairs"], found["are_many"]) == ([("a", "b")], False)
    assert (found["is_by_difference"], found["groups"]) == (False, [("a", ["b"])])


def test_each_first_name_is_said_once():
    pairs = [("a", "b"), ("a", "c"), ("b", "c")]
    assert in_groups(pairs) == [("a", ["b", "c"]), ("b", ["c"])]
