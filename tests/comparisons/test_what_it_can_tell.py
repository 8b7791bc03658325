import pytest

from tests.factories import TreatmentFactory

URL = "/compare/what-it-can-tell/"


def test_it_names_the_numbers_of_the_method(as_alice):
    context = as_alice.get(URL).context
    assert (context["weeks"], context["pairs"], context["pips"]) == (4, 8, [False] * 8)


def test_it_says_of_what_the_time_before_is_only_remembered(as_alice, alice):
    TreatmentFactory(user=alice, name="Mat", pain_before_from_memory=0)
    TreatmentFactory(user=alice, name="Heat")
    page = as_alice.get(URL).content.decode()
    assert page.count("What came before (Mat) is known from memory only, and stays so.") == 1


@pytest.mark.parametrize("n", [1, 3])
def test_it_takes_the_same_number_of_queries(as_alice, alice, n, django_assert_num_queries):
    for number in range(n):
        TreatmentFactory(user=alice, name=f"Mat {number}")
    as_alice.get(URL)
    with django_assert_num_queries(3):
        as_alice.get(URL)
