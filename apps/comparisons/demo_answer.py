"""The demo's answer for pages that anybody may read: from its invented rows, without an account.

Worked out once a day and process: what the pages show is kept, and costs no query.
"""

from collections import Counter
from dataclasses import replace
from datetime import date
from functools import lru_cache
from statistics import fmean, median
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.comparisons.answer_row import dot_and_interval
from apps.comparisons.charts import against_waiting, before_and_after, one_session
from apps.comparisons.engine.stats import Comparison, Session, Toss, compare
from apps.comparisons.engine.verdicts import Finding
from apps.comparisons.reading.card_facts import MOST_DRAWN
from apps.comparisons.reading.facts import Counted
from apps.demo.entries import DemoDiary, DemoSession
from apps.demo.person import ASKED_ONE_IN, MAT, STRETCHING, demo_diary

ZONE = ZoneInfo("Europe/London")
SAME_PAIN = 1  # points around the median at which stretching began


def answer(last_day: date) -> dict:
    """What the home page shows: the chart, and the treatment of which before and after misleads."""
    return _answer(last_day, get_language())


def pictures(last_day: date) -> dict:
    """What the page on the method shows: the same, and stretching beside waiting."""
    return _pictures(last_day, get_language())


@lru_cache(maxsize=2)
def comparison(last_day: date) -> Comparison:
    diary = demo_diary(last_day, ZONE)
    return compare(*engine_rows(diary), ZONE, tosses_of(diary))


def tosses_of(diary: DemoDiary) -> list[Toss]:
    """The coin's tosses, as ``pairs`` reads them of an account; what a wait put off is not kept."""
    return [
        Toss(
            session.started_at,
            session.treatments,
            bool(session.was_asked),
            session.is_asked_wait,
            ASKED_ONE_IN,
        )
        for session in diary.sessions
        if session.was_asked is not None
    ]


def engine_rows(diary: DemoDiary) -> tuple[list[Session], list[tuple]]:
    """Sessions and check-in ratings, as ``pairs`` reads them of an account."""
    sessions = [
        Session(
            session.started_at,
            session.treatments,
            session.pain_before,
            session.pain_after,
            session.after_rated_at,
            session.is_asked_wait,
            session.day,
            due_minutes=session.due_minutes,
        )
        for session in diary.sessions
        if not session.is_sealed
    ]
    return sessions, [(check_in.rated_at, check_in.worse_pain) for check_in in diary.check_ins]


@lru_cache(maxsize=2)
def _answer(last_day: date, language: str) -> dict:
    found = comparison(last_day)
    named = [replace(finding, treatment=_(finding.treatment)) for finding in found]
    named.sort(key=lambda finding: finding.treatment.casefold())
    differences = tuple(replace(d, first=_(d.first), second=_(d.second)) for d in found.differences)
    drawn = replace(found, findings=tuple(named), differences=differences)
    shown = found[MAT]
    return {
        "product": replace(shown, treatment=_(shown.treatment)),
        "lines": lines_of(shown),
        "others": [
            {"finding": each, "drawing": dot_and_interval(each)}
            for each in named
            if each.treatment != _(MAT)
        ],
        "chart": against_waiting.chart(drawn, order=named),
        "misleading": found[STRETCHING],
    }


@lru_cache(maxsize=2)
def _pictures(last_day: date, language: str) -> dict:
    groups, around = _from_same_pain(demo_diary(last_day, ZONE).sessions)
    return {
        **_answer(last_day, language),
        "same_pain": before_and_after.chart(groups),
        "around": round(around),
    }


def lines_of(finding: Finding) -> dict:
    """From the same pain: what followed the treatment, and what waiting would have brought."""
    before = finding.mean_before
    after, waited = before + finding.raw_change, before + finding.expected_change
    return one_session.drawing(before, after, (before, waited)) | {
        "before": before,
        "after": after,
        "waited": waited,
    }


def _from_same_pain(sessions: tuple[DemoSession, ...]) -> tuple[list[dict], float]:
    stretched = [session for session in sessions if session.treatments == (STRETCHING,)]
    waited = [session for session in sessions if not session.treatments]
    around = median(session.pain_before for session in stretched)

    def alike(chosen):
        return [each for each in chosen if abs(each.pain_before - around) <= SAME_PAIN]

    groups = [
        before_and_after.group_of(_(STRETCHING), counted(alike(stretched)), is_wait=False),
        before_and_after.group_of(_("Wait and see"), counted(alike(waited)), is_wait=True),
    ]
    return groups, around


def counted(sessions: list[DemoSession]) -> Counted:
    """As ``card_facts.counted`` makes it of an account's rows."""
    rated = [session for session in sessions if session.pain_after is not None]
    counts = {
        "sessions": len(sessions),
        "rated": len(rated),
        "pairs": len(rated),
        "before": fmean(session.pain_before for session in rated),
        "after": fmean(session.pain_after for session in rated),
        "mixed": 0,
    }
    changes = Counter((s.pain_before, s.pain_after - s.pain_before) for s in rated)
    return Counted(
        counts=counts,
        latest=[_drawn(session) for session in reversed(rated)][:MOST_DRAWN],
        changes=sorted([*change, n] for change, n in changes.items()),
    )


def _drawn(session: DemoSession) -> dict:
    return {
        "started_at": session.started_at,
        "after_rated_at": session.after_rated_at,
        "diary_date": session.day,
        "time_zone": ZONE.key,
        "pain_before": session.pain_before,
        "pain_after": session.pain_after,
        "is_pair": True,
    }
