"""Whose diary a command of the host is about."""

from django.core.management.base import CommandError

from apps.users.models import User


def account(email: str) -> User:
    try:
        return User.objects.get_by_natural_key(email)
    except User.DoesNotExist:
        raise CommandError(f"There is no account with the address {email}.") from None
