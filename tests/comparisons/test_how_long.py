"""How long an answer takes is said the same wherever it is said, and never without its conditions."""

import pytest

from tests.factories import ConditionFactory

SAID = (
    "With an entry a day, an answer takes two to three months if a coin may often ask you to wait "
    "at first, about five months if it asks one time in five, and about a month with a planned "
    "self-test. Without any waits there is none."
)


@pytest.mark.parametrize("address", ["/method/", "/compare/"])
def test_page_says_how_long_it_takes_and_on_what_that_hangs(as_alice, alice, address):
    ConditionFactory(user=alice)
    words = " ".join(as_alice.get(address).content.decode().split())
    assert words.count("two to three months") == words.count(SAID) == 1


def test_method_page_says_of_the_coin_what_the_settings_say(as_alice):
    method, settings = (
        as_alice.get(address).content.decode() for address in ("/method/", "/settings/waiting/")
    )
    assert "every second time, until 12 waits are in; then less." in method
    assert "At first every second time, until 12 waits are in; then less." in settings
