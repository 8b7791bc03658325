"""A person's account and all that belongs to it, counted and then deleted at once."""

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django import forms
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from apps.conditions.models import Condition
from apps.diary.models import CheckIn, DayMeasure, TreatmentSession
from apps.sharing.models import ShareLink
from apps.treatments.models import Treatment
from apps.users.account_forms import ConfirmPasswordForm
from apps.users.models import User
from apps.users.security_events import say
from apps.users.templatetags.kept import KEPT_FOR_SECONDS

COUNTED = {
    CheckIn: ngettext_lazy("%(n)s check-in", "%(n)s check-ins", "n"),
    TreatmentSession: ngettext_lazy("%(n)s session or wait", "%(n)s sessions and waits", "n"),
    Treatment: ngettext_lazy(
        "%(n)s treatment, with its costs, dates and periods",
        "%(n)s treatments, with their costs, dates and periods",
        "n",
    ),
    Condition: ngettext_lazy(
        "%(n)s condition, with its causes", "%(n)s conditions, with their causes", "n"
    ),
    DayMeasure: ngettext_lazy("%(n)s day of sleep or steps", "%(n)s days of sleep or steps", "n"),
    ShareLink: ngettext_lazy(
        "%(n)s link that you gave to somebody: it opens nothing from then on",
        "%(n)s links that you gave to somebody: they open nothing from then on",
        "n",
    ),
}


class ConfirmWithoutPasswordForm(forms.Form):
    """For who has just shown a passkey, and for the demo, which has no password to ask for."""

    is_sure = forms.BooleanField(
        label=_("Yes, delete everything"),
        error_messages={"required": _("Tick this to delete everything.")},
    )


def erase_form(user: User, data=None, *, has_shown_passkey: bool = False) -> forms.Form:
    """What the person has to answer before everything goes."""
    if user.has_usable_password() and not has_shown_passkey:
        return ConfirmPasswordForm(data, user=user)
    return ConfirmWithoutPasswordForm(data)


def what_goes(user: User) -> list[str]:
    """How much of what the person has written down, in words; nothing of what there is none of."""
    counts = {model: model.objects.for_user(user).count() for model in COUNTED}
    return [words % {"n": counts[model]} for model, words in COUNTED.items() if counts[model]]


@transaction.atomic
def erase(user: User) -> None:
    """Delete the person with every row of theirs, and log every device of theirs out."""
    # Locked first: whatever another tab is storing is either there already or comes too late.
    for person in User.objects.select_for_update().filter(pk=user.pk):
        Session.objects.filter(pk__in=_sessions_of(person, at=timezone.now())).delete()
        say("erased", person.pk)
        person.delete()


def _sessions_of(person: User, *, at: datetime) -> list[str]:
    """Those of their devices, and any in which something that they typed waits for them.

    What is typed after a log-in has expired waits in the session of somebody unknown: it is
    among the few that end within the hour.
    """
    keys = list(UserSession.objects.filter(user=person).values_list("session_key", flat=True))
    soon = at + timedelta(seconds=KEPT_FOR_SECONDS)
    for session in Session.objects.filter(expire_date__lte=soon).iterator():
        if session.get_decoded().get("typed", {}).get("owner") == person.pk:
            keys.append(session.pk)
    return keys
