from apps.diary.models.agreement import MOST_TIMES, AgreedDay, Agreement, Exercise, Per, how_often
from apps.diary.models.calls import MOST_DEVICES, Call, CallPlan, PushSubscription
from apps.diary.models.check_in import IS_CHECKIN_FROM_MEMORY, CheckIn, Furthest
from apps.diary.models.day_measure import MINUTES_OF_A_DAY, MOST_STEPS, DayMeasure
from apps.diary.models.deleted_entry import DeletedEntry
from apps.diary.models.duties import Duties, DutiesAnswer
from apps.diary.models.entries import FROM_MEMORY_AFTER, LATE_AFTER, Entry, typed_from_memory
from apps.diary.models.function import (
    FUNCTION_ANCHORS,
    MOST_ACTIVITIES,
    PLACES,
    Activity,
    FunctionRating,
)
from apps.diary.models.imported_file import ImportedFile
from apps.diary.models.pending_import import PendingImport
from apps.diary.models.red_flags import RedFlag, RedFlagReview
from apps.diary.models.reminders import QUIET_AFTER, CalendarFeed, Reminder, ReminderPlan
from apps.diary.models.revision import Revision
from apps.diary.models.seal import Seal, exported_seals
from apps.diary.models.self_test import (
    Letter,
    Moments,
    SelfTest,
    SelfTestMoment,
    Unit,
    WhyEnded,
)
from apps.diary.models.session import (
    IS_AFTER_LATE,
    IS_PAIR,
    IS_SESSION_FROM_MEMORY,
    OPEN_FOR,
    WAIT,
    FromItsStart,
    Position,
    SessionTreatment,
    TreatmentSession,
    is_unfinished,
)
from apps.diary.models.symptoms import FELT, Symptom
from apps.diary.models.waiting import HowOften, Outcome, PlannedTreatment, WaitDraw, WaitPlan

__all__ = [
    "FELT",
    "FROM_MEMORY_AFTER",
    "FUNCTION_ANCHORS",
    "IS_AFTER_LATE",
    "IS_CHECKIN_FROM_MEMORY",
    "IS_PAIR",
    "IS_SESSION_FROM_MEMORY",
    "LATE_AFTER",
    "MINUTES_OF_A_DAY",
    "MOST_ACTIVITIES",
    "MOST_DEVICES",
    "MOST_STEPS",
    "MOST_TIMES",
    "OPEN_FOR",
    "PLACES",
    "QUIET_AFTER",
    "WAIT",
    "Activity",
    "AgreedDay",
    "Agreement",
    "CalendarFeed",
    "Call",
    "CallPlan",
    "CheckIn",
    "DayMeasure",
    "DeletedEntry",
    "Duties",
    "DutiesAnswer",
    "Entry",
    "Exercise",
    "FromItsStart",
    "FunctionRating",
    "Furthest",
    "HowOften",
    "ImportedFile",
    "Letter",
    "Moments",
    "Outcome",
    "PendingImport",
    "Per",
    "PlannedTreatment",
    "Position",
    "PushSubscription",
    "RedFlag",
    "RedFlagReview",
    "Reminder",
    "ReminderPlan",
    "Revision",
    "Seal",
    "SelfTest",
    "SelfTestMoment",
    "SessionTreatment",
    "Symptom",
    "TreatmentSession",
    "Unit",
    "WaitDraw",
    "WaitPlan",
    "WhyEnded",
    "exported_seals",
    "how_often",
    "is_unfinished",
    "typed_from_memory",
]
