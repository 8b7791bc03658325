"""How often a diary has changed."""

from django.conf import settings
from django.db import models

from config.postgres.compiled import compiled


class Revision(models.Model):
    """How often a person's diary has changed. The database counts (triggers of migrations 0002,
    0010, 0023 and 0024).

    What is computed from the diary is kept with the number it was computed at, and is worked
    out again only when the number has moved on.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    number = models.PositiveBigIntegerField(default=0)

    def __str__(self):
        return str(self.number)

    @classmethod
    def number_of(cls, user) -> int:
        """0 for a diary in which nothing has ever been written."""
        return next(iter(_numbers(user=user.pk)), 0)


@compiled
def _numbers(*, user: int):
    return Revision.objects.filter(user=user).values_list("number", flat=True)
