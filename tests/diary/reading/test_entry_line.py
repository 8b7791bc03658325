from datetime import timedelta

import pytest

from apps.conditions.models import Side
from apps.diary.models import RedFlag, TreatmentSession
from apps.diary.templatetags.entries import entry_line
from tests.factories import NOON, CheckInFactory, TreatmentFactory, TreatmentSessionFactory

WORDS = {"note": "<b>stairs</b>", "adverse_effect": "itches"}


def test_session_is_told_in_one_line(alice):
    stored = TreatmentSessionFactory(
        user=alice,
        started_at=NOON,
        treatments=[TreatmentFactory(user=alice, name="Heat & rest"), TreatmentFactory(user=alice)],
        pain_before=0,
        pain_after=0,
        after_rated_at=NOON + timedelta(minutes=45),
        after_entered_at=NOON + timedelta(hours=9),
        had_something_else=True,
        **WORDS,
    )
    entry = TreatmentSession.objects.with_names().get(pk=stored.pk)
    assert entry_line(entry) == (
        f'<a class="entry" href="/sessions/{stored.pk}/edit/"><span class="entry-time">12:00</span> '
        '<span class="entry-what">Heat &amp; rest + Acupressure mat</span> '
        '<span class="entry-pain"><b class="number">0</b> → <b class="number">0</b></span> '
        '<span class="entry-about"><span>from memory</span>'
        "<span>rated again late: not compared</span>"
        "<span>something else in between: not compared</span>"
        "<span>side effect</span></span> "
        '<span class="entry-note">&lt;b&gt;stairs&lt;/b&gt;</span></a>'
    )


@pytest.mark.parametrize("is_whole", [False, True])
def test_check_in_is_told_in_one_line(alice, is_whole):
    flag = RedFlag.values[0]
    entry = CheckInFactory(
        user=alice, leg_pain=0, back_pain=None, side=Side.LEFT, red_flags=[flag], **WORDS
    )
    entry.condition_name = "Disc <1>"
    chip = f'<span class="chip chip-danger">{RedFlag(flag).short}</span>'
    line = entry_line(entry, is_whole=is_whole)
    assert line.startswith(
        f'<a class="entry" href="/check-ins/{entry.pk}/edit/"><span class="entry-time">12:00</span> '
        '<span class="entry-what entry-check-in">Check-in</span> <span class="entry-pain">'
        'leg <b class="number">0</b> back <b class="number">–</b></span> '
        '<span class="entry-about"><span>Disc &lt;1&gt;</span><span>left</span>'
    )
    assert line.endswith("</span> </a>" if is_whole else "&lt;/b&gt;</span></a>")
    assert (chip in line, "side effect" in line) == (not is_whole, not is_whole)
