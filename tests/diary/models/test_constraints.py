"""The database itself refuses what the diary's models forbid: a row here for every rule."""

import uuid
from datetime import date, time, timedelta

import pytest

from apps.diary.models import (
    Activity,
    CalendarFeed,
    Call,
    CallPlan,
    CheckIn,
    DayMeasure,
    DeletedEntry,
    FunctionRating,
    PendingImport,
    PlannedTreatment,
    PushSubscription,
    RedFlagReview,
    Reminder,
    ReminderPlan,
    SelfTest,
    SelfTestMoment,
    SessionTreatment,
    TreatmentSession,
    WaitDraw,
    WaitPlan,
)
from tests.constraints import constraints_of, refusing_constraint, same_id_again
from tests.factories import (
    NOON,
    ActivityFactory,
    CalendarFeedFactory,
    CallFactory,
    CallPlanFactory,
    CheckInFactory,
    ConditionFactory,
    DayMeasureFactory,
    DeletedEntryFactory,
    FunctionRatingFactory,
    PendingImportFactory,
    PushSubscriptionFactory,
    RedFlagReviewFactory,
    ReminderFactory,
    ReminderPlanFactory,
    SelfTestFactory,
    SelfTestMomentFactory,
    TreatmentFactory,
    TreatmentSessionFactory,
    UserFactory,
    WaitDrawFactory,
    WaitPlanFactory,
)

LATER = NOON + timedelta(minutes=45)
LONG_AGO = date(1899, 12, 31)
CHECKIN_RATINGS = [
    "leg_pain",
    "back_pain",
    "sleep",
    "stress",
    "energy",
    "headache",
    "muscle_tension",
]


def check_in(**fields):
    return lambda: CheckInFactory(**fields)


def session(**fields):
    return lambda: TreatmentSessionFactory(**fields)


def sent_twice(factory):
    def make():
        entry = factory()
        factory(user=entry.user, client_id=entry.client_id)

    return make


def for_a_condition_of_somebody_else(factory):
    return lambda: factory(user=UserFactory(), condition=ConditionFactory())


def link(**fields):
    """A treatment in a session, both of one person, but for what ``fields`` say."""
    user = UserFactory()
    own = {
        "user": user,
        "session": TreatmentSessionFactory(user=user),
        "treatment": TreatmentFactory(user=user),
    }
    return SessionTreatment.objects.create(**(own | fields))


def named_twice():
    first = link()
    SessionTreatment.objects.create(
        user=first.user, session=first.session, treatment=first.treatment
    )


def plan(**fields):
    return lambda: WaitPlanFactory(**fields)


def draw(**fields):
    return lambda: WaitDrawFactory(**fields)


def drawn_again(**fields):
    def make():
        first = WaitDrawFactory()
        again = {"ordinal": 1, "client_id": first.client_id} | fields
        WaitDrawFactory(user=first.user, **again)

    return make


def self_test(**fields):
    return lambda: SelfTestFactory(**fields)


def two_self_tests():
    first = SelfTestFactory()
    SelfTestFactory(user=first.user, condition=first.condition)


def against_itself():
    mat = TreatmentFactory()
    SelfTestFactory(user=mat.user, treatment=mat, other=mat)


def drawn_letter_again(**fields):
    def make():
        first = SelfTestMomentFactory()
        same = {"self_test": first.self_test, "ordinal": 0, "client_id": first.client_id}
        SelfTestMomentFactory(user=first.user, **(same | fields))

    return make


def planned(**fields):
    """A treatment planned when the app asked, both of one person, but for what ``fields`` say."""
    user = UserFactory()
    own = {
        "user": user,
        "draw": WaitDrawFactory(user=user),
        "treatment": TreatmentFactory(user=user),
    }
    return PlannedTreatment.objects.create(**(own | fields))


def planned_twice():
    first = planned()
    planned(user=first.user, draw=first.draw, treatment=first.treatment)


def the_same_act_twice():
    first = TreatmentSessionFactory(together=uuid.uuid4())
    TreatmentSessionFactory(user=first.user, condition=first.condition, together=first.together)


def rated_twice():
    first = FunctionRatingFactory()
    FunctionRatingFactory(user=first.user, activity=first.activity)


def reminded_again(**fields):
    def make():
        first = ReminderFactory(**fields)
        ReminderFactory(user=first.user, **fields)

    return make


def called_again(**fields):
    def make():
        first = CallFactory(**fields)
        CallFactory(user=first.user, **fields)

    return make


def same_device_again():
    first = PushSubscriptionFactory()
    PushSubscriptionFactory(user=first.user, endpoint=first.endpoint)


REFUSED = {
    "checkin_user_and_id": lambda: same_id_again(CheckInFactory()),
    "checkin_sent_once": sent_twice(CheckInFactory),
    "checkin_side_is_known": check_in(side="middle"),
    "checkin_since_1900": check_in(diary_date=LONG_AGO),
    "checkin_names_its_zone": check_in(time_zone=""),
    "checkin_version_counts": check_in(version=0),
    **{f"checkin_{name}_is_0_to_10": check_in(**{name: 11}) for name in CHECKIN_RATINGS},
    "checkin_furthest_is_known": check_in(furthest="knee"),
    "checkin_symptoms_are_known": check_in(symptoms=["tingling", "itching"]),
    "checkin_red_flags_are_known": check_in(red_flags=["bladder", "toothache"]),
    "checkin_red_flags_say_when_ticked": check_in(red_flags=["bladder"], red_flags_ticked_at=None),
    "checkin_medicines_are_of_a_painkiller_day": check_in(medicines=["Ibuprofen"]),
    "activity_user_and_id": lambda: same_id_again(ActivityFactory()),
    "activity_name_is_unique_per_person": lambda: ActivityFactory(
        user=ActivityFactory().user, place=2
    ),
    "activity_name_is_unique_as_seen": lambda: ActivityFactory(
        user=ActivityFactory(name="Sit").user, name="s\u200bIT ", place=2
    ),
    "activity_has_a_place_of_its_own": lambda: ActivityFactory(
        user=ActivityFactory().user, name="Lift the little one"
    ),
    "activity_is_one_of_three": lambda: ActivityFactory(place=4),
    "activity_has_a_name": lambda: ActivityFactory(name=""),
    "diary_activity_condition_id_same_owner": for_a_condition_of_somebody_else(ActivityFactory),
    "functionrating_user_and_id": lambda: same_id_again(FunctionRatingFactory()),
    "functionrating_once_a_day": rated_twice,
    "functionrating_rating_is_0_to_10": lambda: FunctionRatingFactory(rating=11),
    "functionrating_names_its_zone": lambda: FunctionRatingFactory(time_zone=""),
    "diary_functionrating_activity_id_same_owner": lambda: FunctionRatingFactory(
        user=UserFactory(), activity=ActivityFactory()
    ),
    "redflagreview_user_and_id": lambda: same_id_again(RedFlagReviewFactory()),
    "diary_checkin_condition_id_same_owner": for_a_condition_of_somebody_else(CheckInFactory),
    "treatmentsession_user_and_id": lambda: same_id_again(TreatmentSessionFactory()),
    "treatmentsession_sent_once": sent_twice(TreatmentSessionFactory),
    "treatmentsession_side_is_known": session(side="middle"),
    "treatmentsession_since_1900": session(diary_date=LONG_AGO),
    "treatmentsession_names_its_zone": session(time_zone=""),
    "treatmentsession_version_counts": session(version=0),
    "treatmentsession_pain_before_is_0_to_10": session(pain_before=-1),
    "treatmentsession_pain_after_is_0_to_10": session(pain_after=11, after_rated_at=LATER),
    "treatmentsession_after_has_value_and_moment": session(pain_after=3),
    "treatmentsession_after_not_before_start": session(
        pain_after=3, after_rated_at=NOON - timedelta(seconds=1)
    ),
    "treatmentsession_after_entered_needs_after": session(after_entered_at=LATER),
    "treatmentsession_closed_unrated_has_no_after": session(
        is_closed_unrated=True, pain_after=3, after_rated_at=LATER
    ),
    "treatmentsession_together_once_for_each_complaint": the_same_act_twice,
    "treatmentsession_minutes_within_a_day": session(minutes=1441),
    "treatmentsession_due_within_a_day": session(due_minutes=9),
    "treatmentsession_position_is_known": session(position="feet"),
    "diary_treatmentsession_condition_id_same_owner": for_a_condition_of_somebody_else(
        TreatmentSessionFactory
    ),
    "sessiontreatment_user_and_id": lambda: same_id_again(link()),
    "sessiontreatment_named_once_per_session": named_twice,
    "diary_sessiontreatment_session_id_same_owner": lambda: link(session=TreatmentSessionFactory()),
    "diary_sessiontreatment_treatment_id_same_owner": lambda: link(treatment=TreatmentFactory()),
    "waitplan_user_and_id": lambda: same_id_again(WaitPlanFactory()),
    "waitplan_one_per_person": lambda: WaitPlanFactory(user=WaitPlanFactory().user),
    "waitplan_one_in_is_known": plan(one_in=4),
    "waitplan_pain_limit_is_0_to_10": plan(pain_limit=11),
    "selftest_user_and_id": lambda: same_id_again(SelfTestFactory()),
    "diary_selftest_condition_id_same_owner": lambda: SelfTestFactory(condition=ConditionFactory()),
    "diary_selftest_treatment_id_same_owner": lambda: SelfTestFactory(treatment=TreatmentFactory()),
    "diary_selftest_other_id_same_owner": lambda: SelfTestFactory(other=TreatmentFactory()),
    "selftest_one_at_a_time": two_self_tests,
    "selftest_of_two_things": against_itself,
    "selftest_moments_are_known": self_test(moments=20, order="TW" * 10),
    "selftest_order_has_a_letter_a_moment": self_test(order="TTTT" * 6),
    "selftest_rated_again_within_8_hours": self_test(minutes=9),
    "selftest_expectation_is_0_to_10": self_test(expectation=11),
    "selftest_end_is_known": self_test(ended_at=NOON, why_ended="perhaps"),
    "selftest_end_says_when_and_why": self_test(ended_at=NOON),
    "selftestmoment_user_and_id": lambda: same_id_again(SelfTestMomentFactory()),
    "diary_selftestmoment_self_test_id_same_owner": lambda: SelfTestMomentFactory(
        self_test=SelfTestFactory()
    ),
    "selftestmoment_drawn_once": drawn_letter_again(client_id=uuid.uuid4()),
    "selftestmoment_one_per_session": drawn_letter_again(ordinal=1),
    "selftestmoment_is_one_of_60": lambda: SelfTestMomentFactory(ordinal=60),
    "waitdraw_user_and_id": lambda: same_id_again(WaitDrawFactory()),
    "waitdraw_tossed_once": drawn_again(ordinal=0, client_id=uuid.uuid4()),
    "waitdraw_one_per_session": drawn_again(),
    "waitdraw_one_in_is_known": draw(one_in=0),
    "waitdraw_outcome_is_known": draw(outcome="perhaps"),
    "waitdraw_uses_a_toss_if_eligible": draw(outcome="accepted", ordinal=None),
    "plannedtreatment_user_and_id": lambda: same_id_again(planned()),
    "plannedtreatment_named_once_per_draw": planned_twice,
    "diary_plannedtreatment_draw_id_same_owner": lambda: planned(draw=WaitDrawFactory()),
    "diary_plannedtreatment_treatment_id_same_owner": lambda: planned(treatment=TreatmentFactory()),
    "reminderplan_user_and_id": lambda: same_id_again(ReminderPlanFactory()),
    "reminderplan_one_per_person": lambda: ReminderPlanFactory(user=ReminderPlanFactory().user),
    "reminderplan_daily_at_a_whole_minute": lambda: ReminderPlanFactory(daily_at=time(20, 0, 30)),
    "reminderplan_unanswered_is_0_to_3": lambda: ReminderPlanFactory(unanswered=4),
    "reminder_user_and_id": lambda: same_id_again(ReminderFactory()),
    "reminder_once_per_session": reminded_again(diary_date=None, client_id=uuid.uuid4()),
    "reminder_once_per_day": reminded_again(),
    "reminder_of_a_session_or_a_day": lambda: ReminderFactory(client_id=uuid.uuid4()),
    "pendingimport_user_and_id": lambda: same_id_again(PendingImportFactory()),
    "pendingimport_one_per_person": lambda: PendingImportFactory(user=PendingImportFactory().user),
    "pendingimport_up_to_20_mb": lambda: PendingImportFactory(content=bytes(20 * 1024 * 1024 + 1)),
    "pendingimport_has_a_name": lambda: PendingImportFactory(name=""),
    "callplan_user_and_id": lambda: same_id_again(CallPlanFactory()),
    "callplan_one_per_person": lambda: CallPlanFactory(user=CallPlanFactory().user),
    "callplan_daily_at_a_whole_minute": lambda: CallPlanFactory(daily_at=time(20, 0, 30)),
    "callplan_unanswered_is_0_to_3": lambda: CallPlanFactory(unanswered=4),
    "call_user_and_id": lambda: same_id_again(CallFactory()),
    "call_once_per_session": called_again(diary_date=None, client_id=uuid.uuid4()),
    "call_once_per_day": called_again(),
    "call_of_a_session_or_a_day": lambda: CallFactory(is_again=True),
    "pushsubscription_user_and_id": lambda: same_id_again(PushSubscriptionFactory()),
    "pushsubscription_once_per_person": same_device_again,
    "pushsubscription_endpoint_is_https": lambda: PushSubscriptionFactory(endpoint="http://a"),
    "pushsubscription_p256dh_is_a_key": lambda: PushSubscriptionFactory(p256dh="A" * 86),
    "pushsubscription_auth_is_a_secret": lambda: PushSubscriptionFactory(auth="=" * 22),
    "deletedentry_user_and_id": lambda: same_id_again(DeletedEntryFactory()),
    "daymeasure_user_and_id": lambda: same_id_again(DayMeasureFactory()),
    "daymeasure_one_per_day": lambda: DayMeasureFactory(user=DayMeasureFactory().user),
    "daymeasure_says_something": lambda: DayMeasureFactory(sleep_minutes=None, steps=None),
    "daymeasure_sleep_up_to_a_day": lambda: DayMeasureFactory(sleep_minutes=1441),
    "daymeasure_steps_up_to_200000": lambda: DayMeasureFactory(steps=200_001),
    "calendarfeed_user_and_id": lambda: same_id_again(CalendarFeedFactory()),
    "calendarfeed_one_per_person": lambda: CalendarFeedFactory(user=CalendarFeedFactory().user),
    "calendarfeed_secret_opens_one": lambda: CalendarFeedFactory(
        secret_sha256=CalendarFeedFactory().secret_sha256
    ),
    "calendarfeed_secret_is_hashed": lambda: CalendarFeedFactory(secret_sha256="not hashed"),
}
MODELS = [
    Activity,
    FunctionRating,
    CheckIn,
    RedFlagReview,
    TreatmentSession,
    SessionTreatment,
    WaitPlan,
    WaitDraw,
    PlannedTreatment,
    SelfTest,
    SelfTestMoment,
    ReminderPlan,
    Reminder,
    CalendarFeed,
    PendingImport,
    CallPlan,
    Call,
    PushSubscription,
    DayMeasure,
    DeletedEntry,
]


@pytest.mark.django_db
@pytest.mark.parametrize(("constraint", "make"), REFUSED.items(), ids=REFUSED.keys())
def test_the_database_refuses(constraint, make):
    assert refusing_constraint(make) == constraint


@pytest.mark.django_db
def test_every_constraint_has_a_row():
    assert constraints_of(*MODELS) == REFUSED.keys()


@pytest.mark.django_db
@pytest.mark.parametrize("name", CHECKIN_RATINGS)
@pytest.mark.parametrize("rating", [None, 0, 10])
def test_the_database_accepts_a_rating(name, rating):
    entry = CheckInFactory(**{name: rating})
    entry.refresh_from_db()
    assert getattr(entry, name) == rating


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"pain_before": 0, "pain_after": None, "after_rated_at": None},
        {"pain_before": 10, "pain_after": 0, "after_rated_at": NOON},
        {"minutes": 1},
        {"minutes": 1440},
        {"diary_date": date(1900, 1, 1), "note": "n" * 5000, "adverse_effect": "a" * 5000},
    ],
    ids=["not rated again", "rated again at once", "a minute", "a day", "earliest day, long texts"],
)
def test_the_database_accepts_sessions_at_the_limits(fields):
    entry = TreatmentSessionFactory(**fields)
    entry.refresh_from_db()
    assert {name: getattr(entry, name) for name in fields} == fields


@pytest.mark.django_db
def test_the_database_refuses_a_moment_of_ticking_without_a_red_flag():
    make = check_in(red_flags=[], red_flags_ticked_at=NOON)
    assert refusing_constraint(make) == "checkin_red_flags_say_when_ticked"


@pytest.mark.django_db
def test_the_database_refuses_a_toss_that_was_not_used():
    make = draw(outcome="not_eligible", ordinal=0)
    assert refusing_constraint(make) == "waitdraw_uses_a_toss_if_eligible"


@pytest.mark.django_db
def test_the_database_accepts_sessions_without_a_toss():
    first = WaitDrawFactory(outcome="not_eligible", ordinal=None)
    WaitDrawFactory(user=first.user, outcome="not_eligible", ordinal=None)
    assert WaitDraw.objects.for_user(first.user).count() == 2


@pytest.mark.django_db
def test_the_database_accepts_the_same_client_id_of_two_people():
    first = CheckInFactory()
    assert CheckInFactory(client_id=first.client_id).user != first.user


@pytest.mark.django_db
def test_the_database_accepts_the_place_of_an_archived_activity_again():
    first = ActivityFactory(archived_at=NOON)
    again = ActivityFactory(user=first.user, name="Lift the little one", place=first.place)
    assert again.place == first.place


@pytest.mark.django_db
def test_the_database_refuses_a_reminder_of_nothing():
    make = lambda: ReminderFactory(diary_date=None)  # noqa: E731
    assert refusing_constraint(make) == "reminder_of_a_session_or_a_day"
