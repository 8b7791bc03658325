from apps.diary.forms.check_in import CheckInForm, QuickCheckInForm
from apps.diary.forms.entry import AlreadySentError, EntryForm, StaleVersionError
from apps.diary.forms.session import FinishForm, RateAgainForm, SessionForm, StartForm
from apps.diary.forms.waiting import WaitPlanForm

__all__ = [
    "AlreadySentError",
    "CheckInForm",
    "EntryForm",
    "FinishForm",
    "QuickCheckInForm",
    "RateAgainForm",
    "SessionForm",
    "StaleVersionError",
    "StartForm",
    "WaitPlanForm",
]
