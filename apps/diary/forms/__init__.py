from apps.diary.forms.check_in import CheckInForm, QuickCheckInForm
from apps.diary.forms.entry import AlreadySentError, EntryForm, StaleVersionError
from apps.diary.forms.session import FinishForm, SessionForm, StartForm
from apps.diary.forms.waiting import WaitPlanForm

__all__ = [
    "AlreadySentError",
    "CheckInForm",
    "EntryForm",
    "FinishForm",
    "QuickCheckInForm",
    "SessionForm",
    "StaleVersionError",
    "StartForm",
    "WaitPlanForm",
]
