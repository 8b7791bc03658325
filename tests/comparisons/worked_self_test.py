"""The worked example of method, section 4, as a diary."""

from datetime import timedelta

from tests.comparisons.engine.test_self_test import BEFORE
from tests.factories import SelfTestMomentFactory, TreatmentSessionFactory


def with_sessions(self_test, afters):
    """The sessions of the method's worked example, done as the letters say."""
    for number, (before, after) in enumerate(zip(BEFORE, afters, strict=False)):
        at = self_test.started_at + timedelta(days=0.4 + 1.5 * number)
        is_treated = self_test.order[number] == "T"
        session = TreatmentSessionFactory(
            user=self_test.user,
            condition=self_test.condition,
            started_at=at,
            pain_before=before,
            pain_after=after,
            after_rated_at=None if after is None else at + timedelta(minutes=45),
            asked_by_app=None if is_treated else True,
            treatments=[self_test.treatment] if is_treated else [],
        )
        SelfTestMomentFactory(
            user=self_test.user,
            self_test=self_test,
            ordinal=number,
            client_id=session.client_id,
            drawn_at=at,
        )
