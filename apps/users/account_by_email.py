"""Whose diary a command of the host is about."""

from django.core.management.base import CommandError

from apps.users.models import User
from config.postgres import roles


def account(email: str) -> User:
    """Asked as the owner: any other role would find an empty diary, and say so of a full one."""
    if not roles.is_owner():
        raise CommandError("Run this with the DATABASE_URL of the database's owner.")
    try:
        return User.objects.get_by_natural_key(email)
    except User.DoesNotExist:
        raise CommandError(f"There is no account with the address {email}.") from None
