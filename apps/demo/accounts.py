"""Accounts to look around in: made in one click, filled with the demo, gone after a day."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from apps.demo.rows import keep_diary
from apps.users.models import User
from config.postgres import acting

LASTS = timedelta(hours=24)
CLEARED_AT_ONCE = 5


def make_demo(*, at: datetime) -> User:
    """A new account with the demo's diary, which nobody can log in to a second time.

    Up to five that are over are deleted on the way, so that they do not pile up where
    ``clear_demos`` never runs.
    """
    clear_demos(at=at, most=CLEARED_AT_ONCE)
    with transaction.atomic():
        user = User.objects.create_user(
            f"demo-{secrets.token_hex(8)}@demo.invalid", set_up_at=at, demo_until=at + LASTS
        )
        with acting.as_person(user.pk):
            keep_diary(user, at=at)
    return user


def clear_demos(*, at: datetime, most: int | None = None) -> int:
    """Delete demo accounts whose time is over, the oldest first, and say how many there were."""
    with transaction.atomic():
        over = User.objects.filter(demo_until__lte=at).order_by("demo_until")
        # Two visitors at once must neither wait for each other nor delete the same ones.
        chosen = list(over.select_for_update(skip_locked=True)[:most])
        for user in chosen:
            with acting.as_person(user.pk):
                user.delete()
    return len(chosen)
