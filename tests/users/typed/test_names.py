"""Names are compared as people see them."""

import pytest

from apps.users.typed.names import as_seen


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Wärmekissen", "Wa\u0308rmekissen"),
        ("Straße", "STRASSE"),
        ("Heat pack", "Heat\u00a0pack"),
        ("Heat pack", "  heat   PACK "),
        ("Heat pack", "Heat\u200b pack\ufeff"),
        ("É", "e\u0301"),
    ],
)
def test_names_that_look_the_same_are_the_same(one, other):
    assert as_seen(one) == as_seen(other)


@pytest.mark.parametrize(("one", "other"), [("Mat", "Mats"), ("e", "é"), ("ab", "a b"), ("i", "ı")])
def test_names_that_look_different_are_different(one, other):
    assert as_seen(one) != as_seen(other)
