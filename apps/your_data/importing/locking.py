"""One import at a time for each person: the second of two at once finds the first's rows."""

from apps.users.models import User


def lock(user: User) -> None:
    """Until the transaction ends."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
