"""Which tables and fields are a person's: asked of the models, so that no new one is forgotten.

What is left out is named below, each with its reason. ``archive_export`` writes the tables into
a JSON file and ``archive_import`` reads them back.
"""

from functools import cache

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import Field, ForeignKey, Model, QuerySet
from django.utils.translation import gettext_lazy as _lazy

from apps.users.ownership import OwnedModel

PROVES = "It proves who somebody is; a file with it would be a key to the account."
DERIVED = "It is worked out from the rest, and is worked out anew."

# Tables of a person, and tables that are nobody's.
TABLES_LEFT_OUT = {
    "account.EmailConfirmation": PROVES,
    "auth.Group": "It is nobody's.",
    "auth.Group_permissions": "It is nobody's.",
    "auth.Permission": "It is nobody's.",
    "comparisons.KeptComparison": DERIVED,
    "contenttypes.ContentType": "It is nobody's.",
    "diary.DeletedEntry": "It was deleted, and is kept for ten minutes to come back from here.",
    "diary.ImportedFile": "It says which rows of the database here a file brought.",
    "diary.PendingImport": "It is the file that was uploaded, which the person has.",
    "diary.PushSubscription": "Its address rings a device: each device asks for its own.",
    "diary.Revision": DERIVED,
    "sessions.Session": PROVES,
    "users.SecurityEvent": "It is about this account here, and on the page “Security” for 90 days.",
}
FIELDS_LEFT_OUT = {
    **{
        f"{model}.{field}": DERIVED
        for model in ("conditions.Condition", "diary.Activity", "treatments.Treatment")
        for field in ("name_as_seen", "twin")
    },
    "diary.CalendarFeed.secret_sha256": PROVES,
    "mfa.Authenticator.data": PROVES,
    "sharing.ShareLink.code_hash": PROVES,
    "sharing.ShareLink.secret_hash": PROVES,
    "users.User.password": PROVES,
    "usersessions.UserSession.data": "It holds nothing of ours.",
    "usersessions.UserSession.session_key": PROVES,
}

# Of the account itself an import takes these and nothing else: whoever made the file does not
# say who may log in, or for how long.
PREFERENCES = ("time_zone", "currency", "language", "emergency_number", "theme")
ACCOUNT_FIELDS = (
    "consent_version",
    "consented_at",
    "demo_until",
    "email",
    "function_skipped_on",
    "home_screen_told_at",
    "is_active",
    "joined_at",
    "last_login",
    "rhythm",
    "rhythm_since",
    "set_up_at",
    "weekly_declined_on",
)

# In the file for the person to read; an import passes over them.
NOT_BROUGHT_BACK = {
    "account.EmailAddress": _lazy("It says who may log in."),
    "diary.CalendarFeed": _lazy("Its address opens what is here: it is made here."),
    "diary.Call": _lazy("It says what was sent from here."),
    "diary.Reminder": _lazy("It says what was sent from here."),
    "mfa.Authenticator": _lazy("It says who may log in."),
    "sharing.ShareLink": _lazy("A link opens what is here: it is made here, with its protections."),
    "sharing.ShareVisit": _lazy("It belongs to a link."),
    "usersessions.UserSession": _lazy("Other devices log in anew."),
}


@cache
def tables() -> dict[str, type[Model]]:
    """All tables of a person by their labels, each after those that its rows refer to."""
    waiting = [model for model in apps.get_models() if is_personal(model)]
    ordered = {}
    while waiting:
        ready = [model for model in waiting if parents_of(model).isdisjoint(waiting)]
        ordered |= {model._meta.label: model for model in ready}
        waiting = [model for model in waiting if model not in ready]
    return ordered


def is_personal(model: type[Model]) -> bool:
    """Whether its rows belong to a person and are not left out."""
    is_owned = any(field.related_model is get_user_model() for field in model._meta.concrete_fields)
    return is_owned and model._meta.label not in TABLES_LEFT_OUT


def brought_back() -> dict[str, type[Model]]:
    """Those tables that an import takes."""
    return {
        label: model
        for label, model in tables().items()
        if issubclass(model, OwnedModel) and label not in NOT_BROUGHT_BACK
    }


@cache
def fields_of(model: type[Model]) -> tuple[Field, ...]:
    """Its fields without the row's number, its owner, and what is left out."""
    return tuple(
        field
        for field in model._meta.concrete_fields
        if not field.primary_key
        and field.related_model is not get_user_model()
        and f"{model._meta.label}.{field.name}" not in FIELDS_LEFT_OUT
    )


def exported(model: type[Model]) -> QuerySet:
    """Its rows that a file holds: nearly always all."""
    is_owned = issubclass(model, OwnedModel)
    return model.objects.all().exported() if is_owned else model.objects.all()


@cache
def parents_of(model: type[Model]) -> frozenset[type[Model]]:
    """The other tables of the person that its rows refer to."""
    return frozenset(
        field.related_model
        for field in fields_of(model)
        if isinstance(field, ForeignKey) and field.related_model is not model
    )


def has_client_id(model: type[Model]) -> bool:
    """Whether its rows are known again by an id that was made when they were written down."""
    return any(field.name == "client_id" for field in model._meta.concrete_fields)
