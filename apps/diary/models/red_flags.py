"""Signs that need urgent care, and when somebody with the training has looked at them."""

from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _lazy

from apps.users.ownership import OwnedModel

OPEN_FOR = timedelta(days=14)


class RedFlag(models.TextChoices):
    """What may mean that nerves are being damaged; the words of cauda equina guidance, made plain.

    They are asked for as changes: what has always been so is no red flag.
    """

    SADDLE_NUMBNESS = (
        "saddle_numbness",
        _lazy("numbness or tingling between the legs, around the bottom or genitals"),
    )
    BLADDER = "bladder", _lazy("bladder: hard to start, cannot pass water, feel it or hold it")
    BOWEL = "bowel", _lazy("bowels: cannot feel when they fill, or cannot hold them")
    SEXUAL = "sexual", _lazy("a change in sexual feeling or function")
    BOTH_LEGS = "both_legs", _lazy("pain, numbness or weakness in both legs, for the first time")
    LEG_WEAKNESS = "leg_weakness", _lazy("new weakness in a leg or foot, or one that grows")

    @property
    def short(self):
        return SHORT[self]


SHORT = {
    RedFlag.SADDLE_NUMBNESS: _lazy("numbness between the legs"),
    RedFlag.BLADDER: _lazy("bladder"),
    RedFlag.BOWEL: _lazy("bowels"),
    RedFlag.SEXUAL: _lazy("sexual feeling or function"),
    RedFlag.BOTH_LEGS: _lazy("both legs"),
    RedFlag.LEG_WEAKNESS: _lazy("weakness in a leg or foot"),
}


class RedFlagReview(OwnedModel):
    """A doctor or A&E has looked at the red flags ticked up to ``seen_at``.

    Whatever is ticked after it is open again.
    """

    seen_at = models.DateTimeField(editable=False)

    class Meta(OwnedModel.Meta):
        indexes = [models.Index(fields=["user", "seen_at"], name="redflagreview_user_seen")]

    def __str__(self):
        return f"seen, {self.seen_at}"


def is_open(at: datetime) -> models.Q:
    """Check-ins with a red flag of the last 14 days that nobody has looked at since."""
    reviews = RedFlagReview.objects.filter(
        user=models.OuterRef("user"), seen_at__gte=models.OuterRef("red_flags_ticked_at")
    )
    is_recent = models.Q(red_flags_ticked_at__gt=at - OPEN_FOR)
    return is_recent & ~models.Q(models.Exists(reviews))
