"""A file never changes the answer: ``compare`` says the same of a diary that came back from it.

Two hundred generated diaries with whatever an answer rests on: ratings that were typed late or
from memory, sessions left open or closed, waits that the coin asked for, tosses that did not
ask or were skipped, and self-tests. In one half one is still running, so that its sessions are
sealed in whatever comes back, and in what comes back of that. In the other they have ended: one by
sessions, with entries that were not rated or were deleted since, and in every fourth one by days.
"""

import json
import random
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command

from apps.diary.models import (
    CheckIn,
    Outcome,
    PlannedTreatment,
    SelfTestMoment,
    SessionTreatment,
    TreatmentSession,
    WaitDraw,
    WhyEnded,
)
from apps.your_data.archive.write import export_archive
from apps.your_data.importing.store import import_diary
from apps.your_data.table.write_csv import export_csv
from tests.factories import (
    NOON,
    ConditionFactory,
    DayTestFactory,
    SelfTestFactory,
    TreatmentFactory,
    UserFactory,
)

SESSIONS = 45
FILES = (export_archive, export_csv)
START = NOON - timedelta(days=60)


def answers(user) -> dict:
    out = StringIO()
    call_command("compare", user=user.email, stdout=out)
    return json.loads(out.getvalue()) | {"as_of": None}


class Diary:
    """One person's two months, the same for the same seed."""

    def __init__(self, seed):
        self.random, self.is_tested_now = random.Random(seed), seed % 2 == 1
        self.user = UserFactory()
        self.condition = ConditionFactory(user=self.user)
        self.treatments = [
            TreatmentFactory(user=self.user, name=name, rate_again_after_minutes=minutes)
            for name, minutes in (("Mat", 45), ("Heat; pack", 30))
        ]
        sessions = [self.session(number) for number in range(SESSIONS)]
        TreatmentSession.objects.bulk_create(sessions)
        used = [self.chosen() for _ in sessions]
        self.link(sessions, used)
        self.toss(sessions, used)
        check_ins = CheckIn.objects.bulk_create(self.check_in(number) for number in range(20))
        if self.is_tested_now:
            self.running_test(sessions, used)
            return
        self.ended_test(sessions)
        if seed % 8 == 0:
            self.test_by_days(check_ins)

    def entry(self, at):
        entered = self.random.choice([0, 0, 0, 20, 45, 300])
        return {
            "user": self.user,
            "condition": self.condition,
            "diary_date": at.date(),
            "time_zone": "Europe/London",
            "side": "left",
            "entered_at": None if entered == 20 else at + timedelta(minutes=entered),
        }

    def session(self, number):
        at = START + timedelta(hours=31 * number, minutes=self.random.randrange(60))
        is_rated, after = self.random.random() < 0.8, self.random.choice([8, 45, 45, 80, 200])
        late = self.random.choice([0, 0, 0, 0, 300])
        fields = {}
        if is_rated:
            after_at = at + timedelta(minutes=after)
            fields = {
                "pain_after": self.random.randrange(11),
                "after_rated_at": after_at,
                "after_entered_at": after_at + timedelta(minutes=late),
            }
        return TreatmentSession(
            **self.entry(at),
            **fields,
            started_at=at,
            pain_before=self.random.randrange(3, 9),
            is_closed_unrated=not is_rated and self.random.random() < 0.5,
            due_minutes=self.random.choice([None, 30, 45, 90]),
            had_something_else=self.random.random() < 0.1,
        )

    def check_in(self, number):
        at = START + timedelta(days=3 * number, hours=self.random.randrange(9))
        return CheckIn(**self.entry(at), rated_at=at, leg_pain=self.random.randrange(11))

    def chosen(self):
        mat, heat = self.treatments
        return self.random.choice([[mat], [mat], [heat], [mat, heat], [], []])

    def link(self, sessions, used):
        SessionTreatment.objects.bulk_create(
            SessionTreatment(user=self.user, session=session, treatment=treatment)
            for session, treatments in zip(sessions, used, strict=True)
            for treatment in treatments
        )

    def toss(self, sessions, used):
        draws, planned = [], []
        for session, treatments in zip(sessions, used, strict=True):
            outcome = self.random.choice([None, *(TOSSED if treatments else [Outcome.ACCEPTED])])
            if outcome is None:
                continue
            draws.append(self.draw_of(session, outcome, ordinal=len(draws)))
            if not treatments:
                session.asked_by_app = True
                named = {"draw": draws[-1], "treatment": self.random.choice(self.treatments)}
                planned.append(PlannedTreatment(user=self.user, **named))
        WaitDraw.objects.bulk_create(draws)
        PlannedTreatment.objects.bulk_create(planned)
        TreatmentSession.objects.bulk_update(sessions, ["asked_by_app"])

    def draw_of(self, session, outcome, ordinal):
        return WaitDraw(
            user=self.user,
            ordinal=ordinal,
            one_in=self.random.choice([2, 3, 5]),
            outcome=outcome,
            drawn_at=session.started_at,
            client_id=session.client_id,
        )

    def running_test(self, sessions, used):
        test = self.self_test(SelfTestFactory)
        arms = [[], [self.treatments[0]]]
        plain = [each for each, done in zip(sessions, used, strict=True) if done in arms]
        self.draw(test, plain[:5])

    def ended_test(self, sessions):
        """Some of them without a rating after; the third of them is deleted."""
        test = self.self_test(SelfTestFactory, **self.end())
        drawn = sessions[: self.random.choice([0, 7, 7, 20])]
        self.draw(test, drawn)
        TreatmentSession.objects.filter(pk__in=[each.pk for each in drawn[2:3]]).delete()

    def test_by_days(self, check_ins):
        """Each of its days has an evening; the fourth check-in that used a letter is deleted."""
        test = self.self_test(DayTestFactory, **self.end(), started_at=START - timedelta(hours=1))
        evenings = [each.rated_at + timedelta(hours=12) for each in check_ins]
        CheckIn.objects.bulk_create(
            CheckIn(**self.entry(evening), rated_at=evening, leg_pain=self.random.randrange(11))
            for each, evening in zip(check_ins, evenings, strict=True)
            if evening.date() == each.diary_date
        )
        self.draw(test, check_ins)
        CheckIn.objects.filter(pk=check_ins[3].pk).delete()

    def end(self):
        return {"ended_at": NOON, "why_ended": self.random.choice(WhyEnded.values)}

    def self_test(self, factory, **fields):
        return factory(
            user=self.user,
            condition=self.condition,
            treatment=self.treatments[0],
            other=self.random.choice([None, self.treatments[1]]),
            **{"started_at": START} | fields,
        )

    def draw(self, test, entries):
        """A letter each, a little after it was begun; one in eight was broken off."""
        SelfTestMoment.objects.bulk_create(
            SelfTestMoment(
                user=self.user,
                self_test=test,
                ordinal=ordinal,
                client_id=entry.client_id,
                drawn_at=entry.at + timedelta(microseconds=self.random.randrange(10**7)),
                broken_off_at=self.random.choice([*[None] * 7, NOON]),
            )
            for ordinal, entry in enumerate(entries)
        )


TOSSED = [Outcome.NOT_ASKED, Outcome.SKIPPED]


def come_back(user, write):
    other = UserFactory()
    outcome = import_diary(other, b"".join(write(user)), at=NOON)
    assert outcome.problems.shown == []
    return other


@time_machine.travel(NOON, tick=False)
@pytest.mark.django_db
@pytest.mark.parametrize("tens", range(20))
def test_compare_says_the_same_of_what_came_back(tens):
    for seed in range(10 * tens, 10 * tens + 10):
        diary = Diary(seed)
        user = diary.user
        said = answers(user)
        assert said["pairs"] > 2
        first, second = FILES[:: 1 if seed % 16 < 8 else -1]
        copy = come_back(user, first)
        assert answers(copy) == answers(come_back(copy, second)) == said
