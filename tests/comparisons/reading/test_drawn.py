"""Parts of pages that are kept until the diary, the day or the language is another."""

from datetime import timedelta

import pytest
from django.test.utils import override_script_prefix
from django.utils import translation

from apps.comparisons.reading.drawn import drawn_once, program
from tests.factories import (
    NOON,
    CheckInFactory,
    ConditionFactory,
    TreatmentFactory,
    TreatmentPeriodFactory,
)


@pytest.fixture
def draw(alice):
    """What a part says, counted: "1" the first time that it is drawn."""
    condition, drawn = ConditionFactory(user=alice), []

    def ask(at=NOON, user=alice, of=condition):
        def once():
            drawn.append("<b>")
            return {"it": f"{len(drawn)}"}

        return drawn_once(user, of, "part", once, at=at)["it"]

    return ask


def test_it_is_drawn_once(draw):
    assert (draw(), draw(), draw(at=NOON + timedelta(hours=3))) == ("1", "1", "1")


def test_what_is_kept_is_not_escaped_again(alice):
    condition = ConditionFactory(user=alice)
    pieces = {"first": "<b>", "second": "<i>"}
    for _time in range(2):
        asked = drawn_once(alice, condition, "part", lambda: pieces, at=NOON)
        assert {name: each.__html__() for name, each in asked.items()} == pieces


@pytest.mark.parametrize(
    "change",
    [
        lambda user: CheckInFactory(user=user),
        lambda user: TreatmentFactory(user=user),
        lambda user: TreatmentPeriodFactory(user=user),
        lambda user: ConditionFactory(user=user, name="Arm"),
    ],
)
def test_it_is_drawn_again_when_the_diary_has_changed(draw, alice, change):
    assert draw() == "1"
    change(alice)
    assert draw() == "2"


def test_it_is_drawn_again_on_another_day_in_another_language_and_elsewhere(draw):
    assert (draw(), draw(at=NOON + timedelta(days=1))) == ("1", "2")
    with translation.override("de"):
        assert draw(at=NOON + timedelta(days=1)) == "3"
    with override_script_prefix("/elsewhere/"):
        assert draw() == "4"


def test_another_program_draws_anew(draw, tmp_path, settings):
    page = tmp_path / "templates" / "page.html"
    page.parent.mkdir()
    told = []
    for words in ("before", "after"):
        page.write_text(words)
        program.cache_clear()
        settings.BASE_DIR = tmp_path
        told.append(draw())
    program.cache_clear()
    assert told == ["1", "2"]


def test_another_currency_is_drawn_anew(draw, alice):
    assert draw() == "1"
    alice.currency = "CHF"
    assert draw() == "2"


def test_nobody_gets_what_was_drawn_for_somebody_else(draw, charlie):
    assert draw() == "1"
    assert draw(user=charlie, of=ConditionFactory(user=charlie)) == "2"
    assert draw() == "1"
