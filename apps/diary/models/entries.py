"""What check-ins and sessions share: an owner, a condition, a day, a side, notes and a version."""

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from apps.conditions.models import Condition, Side
from apps.users.models import validate_time_zone
from apps.users.ownership import OwnedModel, OwnedQuerySet
from apps.users.typed.years import FIRST_DAY
from config.web.addresses import address_of

FROM_MEMORY_AFTER = timedelta(minutes=30)
LATE_AFTER = timedelta(hours=4)


def typed_from_memory(moment: datetime | None, entered_at: datetime | None) -> bool:
    """Whether a rating was typed more than 30 minutes after the moment that it describes.

    ``entered_at`` is None for imported entries: the file does not say, so neither do we.
    """
    return bool(moment and entered_at and entered_at - moment > FROM_MEMORY_AFTER)


class Entry(OwnedModel):
    """What check-ins and sessions share: whose, what for, when written down, and how often changed.

    ``diary_date`` is the day in the person's own zone at that moment. It is stored, so
    that moving house or a changed setting never moves an entry to another day.
    """

    further_fields: tuple[str, ...]  # what a page of the entry shows beyond ratings and side
    pains_then: tuple[str, ...]  # its ratings of the moment that the side is said for

    condition = models.ForeignKey(
        Condition, on_delete=models.RESTRICT, related_name="+", db_constraint=False, db_index=False
    )
    diary_date = models.DateField(_lazy("day"), editable=False)
    time_zone = models.CharField(max_length=64, editable=False, validators=[validate_time_zone])
    side = models.CharField(_lazy("side"), max_length=7, choices=Side, blank=True)
    adverse_effect = models.CharField(_lazy("side effect"), max_length=5000, blank=True)
    note = models.CharField(_lazy("note"), max_length=5000, blank=True)
    client_id = models.UUIDField(default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    entered_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta(OwnedModel.Meta):
        abstract = True
        constraints = [
            *OwnedModel.Meta.constraints,
            models.UniqueConstraint(fields=["user", "client_id"], name="%(class)s_sent_once"),
            models.CheckConstraint(
                condition=Q(side__in=["", *Side.values]), name="%(class)s_side_is_known"
            ),
            models.CheckConstraint(
                condition=Q(diary_date__gte=FIRST_DAY),
                name="%(class)s_since_1900",
                violation_error_message=_lazy("The day must be in 1900 or later."),
            ),
            models.CheckConstraint(condition=~Q(time_zone=""), name="%(class)s_names_its_zone"),
            models.CheckConstraint(condition=Q(version__gte=1), name="%(class)s_version_counts"),
        ]

    def validate_constraints(self, exclude=None):
        """Left to the database when it stores the row: Django would ask it rule by rule, a
        query each. ``EntryForm`` gives a refusal the constraint's own words.
        """

    @property
    def zone(self) -> ZoneInfo:
        """The zone that the person was in; clock times of the entry are shown in it."""
        return ZoneInfo(self.time_zone)

    @property
    def local_at(self) -> datetime:
        """What a clock showed there; without a zone, or pages would turn it into that of now."""
        return self.at.astimezone(self.zone).replace(tzinfo=None)

    def day_url(self) -> str:
        """The page of the day of this entry."""
        day = self.diary_date
        return address_of("diary:day", day.year, day.month, day.day)

    def details(self) -> list[tuple[str, str]]:
        """What else was said, each with its label; what was left out is left out here too."""
        found = []
        for name in self.further_fields:
            field, value = self._meta.get_field(name), getattr(self, name)
            if value not in (None, "", []):
                found.append((field.verbose_name, self._in_words(field, value)))
        return found

    def _in_words(self, field, value) -> str:
        if isinstance(value, list):
            words = dict(field.base_field.choices or ())
            return ", ".join(str(words.get(item, item)) for item in value)
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        return str(dict(field.flatchoices).get(value, value))


class EntryQuerySet(OwnedQuerySet):
    def with_side_again(self):
        """Each with ``side_again``, the side to begin with next time; empty where it names none.

        "Neither" of a moment without pain says nothing of the side that hurts the next time.
        """
        hurts = Q()
        for pain in self.model.pains_then:
            hurts |= Q(**{f"{pain}__gt": 0})
        side = When(hurts | ~Q(side=Side.NEITHER), then=F("side"))
        return self.annotate(side_again=Case(side, default=Value("")))

    def filtered(self, *, condition=None, side="", first_day=None, last_day=None):
        """Those of a condition, a side and a range of days; whatever is empty does not narrow."""
        entries = self
        if condition:
            entries = entries.filter(condition=condition)
        if side:
            entries = entries.filter(side=side)
        if first_day:
            entries = entries.filter(diary_date__gte=first_day)
        if last_day:
            entries = entries.filter(diary_date__lte=last_day)
        return entries
