from apps.diary.forms.check_in import CheckInForm, QuickCheckInForm
from apps.diary.forms.entry import AlreadySentError, EntryForm, StaleVersionError
from apps.diary.forms.function import ActivityForm, FunctionForm
from apps.diary.forms.offline import OfflineCheckInForm, OfflineSessionForm
from apps.diary.forms.red_flags import RedFlagForm
from apps.diary.forms.reminders import CalendarForm, ReminderForm
from apps.diary.forms.session import FinishForm, RateAgainForm, SessionForm, StartForm
from apps.diary.forms.waiting import WaitPlanForm

__all__ = [
    "ActivityForm",
    "AlreadySentError",
    "CalendarForm",
    "CheckInForm",
    "EntryForm",
    "FinishForm",
    "FunctionForm",
    "OfflineCheckInForm",
    "OfflineSessionForm",
    "QuickCheckInForm",
    "RateAgainForm",
    "RedFlagForm",
    "ReminderForm",
    "SessionForm",
    "StaleVersionError",
    "StartForm",
    "WaitPlanForm",
]
