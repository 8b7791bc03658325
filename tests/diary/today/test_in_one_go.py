"""What Today draws without a template: a week, two scales and the sides."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.conditions.models import Side
from tests.factories import CheckInFactory, ConditionFactory


@pytest.fixture
def page(as_alice, alice):
    def opened(**places):
        condition = ConditionFactory(user=alice, **places)
        at = timezone.now() - timedelta(days=1)
        day = at.astimezone(alice.zone).date()
        CheckInFactory(
            user=alice,
            condition=condition,
            rated_at=at,
            diary_date=day,
            leg_pain=0,
            back_pain=None,
            side=Side.RIGHT,
        )
        return as_alice.get(reverse("diary:today")).content.decode(), day

    return opened


def test_own_words_are_escaped_wherever_they_stand(page):
    html, _day = page(first_place='<b>"Toe"', second_place="{0}'s %s")
    toe, other = "&lt;b&gt;&quot;Toe&quot;", "{0}&#x27;s %s"
    named = re.findall('data-rated="(.+?)" data-words="(.+?)"', html)
    assert named == [("leg_pain", f"{toe} pain"), ("back_pain", f"{other} pain")]
    week = html.partition('<ol class="week">')[2].partition("</ol>")[0]
    assert re.findall('hidden">(.+?)</span>', week) == [toe, other] * 7


def test_week_tells_no_pain_from_none_said(page):
    html, day = page()
    week = html.partition('<ol class="week">')[2].partition("</ol>")[0]
    told = dict(re.findall(r'href="(.+?)".*?class="number">(.+?)</span>', week, re.DOTALL))
    rated = reverse("diary:day", args=[day.year, day.month, day.day])
    assert (len(told), told.pop(rated), {*told.values()}) == (7, "0", {"–"})
    assert re.findall('class="muted">(.+?)</span>', week) == ["–"] * 7


def test_side_said_last_is_chosen_and_no_pain_is(page):
    html, _day = page()
    form = html.partition("data-keep-name")[2].partition("</form>")[0]
    chosen = re.findall(r'<input type="radio" name="(\w+)" value="(\w+)"[^>]* checked', form)
    assert chosen == [("side", "right")]
    sides = re.findall(r'name="side" value="(\w*)" id="(\w+)"', form)
    assert sides == [(side, f"id_side_{n}") for n, side in enumerate(Side.values)]
