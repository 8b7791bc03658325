"""Everything that is stored of a person, read from the models: nothing can be left out."""

from dataclasses import dataclass

from django.apps import apps
from django.db import models
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from apps.users.models import User

# Each table in words, and what it is for; a test fails where one is missing.
TABLES = {
    "account.EmailAddress": _("Your address, and whether you confirmed it"),
    "comparisons.KeptComparison": _("Results worked out from your diary, kept so as to be quick"),
    "conditions.Cause": _("What may be behind it"),
    "conditions.Condition": _("What hurts"),
    "diary.Activity": _("What you want to be able to do again"),
    "diary.AgreedDay": _("What was done of what was agreed, day by day"),
    "diary.Agreement": _("What was agreed with somebody who treats you"),
    "diary.CalendarFeed": _("The secret address from which your calendar reads"),
    "diary.Call": _("When each of your devices was called"),
    "diary.CallPlan": _("When your devices are called"),
    "diary.CheckIn": _("Check-ins: how it was at a moment"),
    "diary.DutiesAnswer": _("How it was with work or usual duties"),
    "diary.Exercise": _("The exercises in it"),
    "diary.DayMeasure": _("Sleep and steps that a phone counted, if you brought them in"),
    "diary.DeletedEntry": _("What you deleted, so that you can bring it back; for ten minutes"),
    "diary.FunctionRating": _("How well that goes"),
    "diary.ImportedFile": _("Which rows a file of yours brought, so that you can take it back"),
    "diary.PendingImport": _("A file that you uploaded, until you import it; an hour at most"),
    "diary.PlannedTreatment": _("What you were about to do when you were asked to wait first"),
    "diary.PushSubscription": _(
        "Devices that may be called: the address that the browser's maker gave it, and a key for it"
    ),
    "diary.RedFlagReview": _("When you said that a doctor had looked at a red flag"),
    "diary.Reminder": _("When each reminder was sent"),
    "diary.ReminderPlan": _("Which reminders you want, and when"),
    "diary.Revision": _("How often your diary has changed"),
    "diary.Seal": _("Self-tests that run where a file of yours came from"),
    "diary.SelfTest": _("Self-tests: what you asked, and for how long"),
    "diary.SelfTestMoment": _("What was drawn for each session, or day, of a self-test"),
    "diary.SessionTreatment": _("Which treatments belong to which session"),
    "diary.TreatmentSession": _("Sessions and waits: pain before and after"),
    "diary.WaitDraw": _("Each flip of the coin that may ask you to wait first"),
    "diary.WaitPlan": _("How often you may be asked to wait first"),
    "mfa.Authenticator": _("Passkeys and two-factor log-in, if you use them"),
    "sharing.ShareLink": _("Links you made, so that somebody else can read a report"),
    "sharing.ShareVisit": _("When such a link was opened"),
    "treatments.Treatment": _("What you do about it"),
    "treatments.TreatmentPeriod": _("From when until when you used it"),
    "treatments.TreatmentReview": _("What you decided when you looked back on it"),
    "users.SecurityEvent": _("What happened to your account, such as a log-in; for 90 days"),
    "users.User": _("Your account"),
    "usersessions.UserSession": _("Where you are logged in"),
}


@dataclass(frozen=True, slots=True)
class Stored:
    """One table: what the person knows of by name, and what the program keeps beside it."""

    name: str | Promise
    in_words: list[str]
    by_the_program: list[str]


def personal_models() -> list[type[models.Model]]:
    """The account, and every model that points to it, the account first."""
    pointing = [model for model in apps.get_models() if model is not User and _owner(model)]
    return [User, *sorted(pointing, key=lambda model: model._meta.label)]


def _owner(model):
    return next((f for f in model._meta.concrete_fields if f.related_model is User), None)


def stored() -> list[Stored]:
    return [_stored(model) for model in personal_models()]


def _stored(model) -> Stored:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    fields = [field for field in fields if field.related_model is not User]
    named = [field for field in fields if field._verbose_name]
    return Stored(
        name=TABLES.get(model._meta.label, capfirst(model._meta.verbose_name)),
        in_words=[capfirst(field.verbose_name) for field in named],
        by_the_program=[field.name for field in fields if field not in named],
    )
