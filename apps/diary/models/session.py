"""A rating before, something done or a wait, and a rating after."""

from datetime import datetime, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import DurationField, ExpressionWrapper, F, Q
from django.db.models.functions import Coalesce, Greatest
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from apps.conditions.nrs import NrsField, nrs_constraint
from apps.diary.models.entries import (
    FROM_MEMORY_AFTER,
    LATE_AFTER,
    Entry,
    EntryQuerySet,
    typed_from_memory,
)
from apps.treatments.models import Setting, Treatment
from apps.treatments.rate_again import (
    LEAST_LONGEST_MINUTES,
    LONGEST_IN_DUES,
    SHORTEST_MINUTES,
    USUAL_MINUTES,
    late_minutes,
    longest_minutes,
)
from apps.users.ownership import OwnedModel
from config.web.addresses import address_of

WAIT = "wait"  # in forms and addresses: no treatment, wait and see
OPEN_FOR = timedelta(hours=24)
WAITS_ON_FOR = timedelta(minutes=15)  # a little longer than it was to take, for being late
JUST_WAITED = timedelta(hours=2)
MINUTES = (1, 1440)
NOT_THESE_MINUTES = _lazy("A session lasts from 1 to 1,440 minutes.")
DUE_MINUTES = (SHORTEST_MINUTES, 1440)
NOT_THESE_DUE_MINUTES = format_lazy(
    _lazy("It is rated again after {shortest} to 1,440 minutes."), shortest=SHORTEST_MINUTES
)


def due_minutes_of(treatments) -> int:
    """After how many minutes a session of these is to be rated again; a wait where none is."""
    minutes = (treatment.rate_again_after_minutes for treatment in treatments)
    return max(minutes, default=USUAL_MINUTES)


def over_after(treatments, minutes: int | None) -> int:
    """Minutes after which an appointment among these is over, a class too: 0 where there is none.

    ``minutes`` is how long the session takes; not said, it takes as long as usual.
    """
    appointments = [each for each in treatments if each.setting == Setting.APPOINTMENT]
    usual = max((each.minutes or 0 for each in appointments), default=0)
    return (minutes or usual) if appointments else 0


class Position(models.TextChoices):
    """Where the acupressure mat was."""

    LOWER_BACK = "lower_back", _lazy("lower back")
    BUTTOCKS = "buttocks", _lazy("buttocks")
    NECK = "neck", _lazy("neck, on the pillow")
    STANDING = "standing", _lazy("standing on it")


def is_unfinished(at: datetime) -> Q:
    """Started within the last 24 hours, not rated again and not closed as "not rated"."""
    is_rateable = Q(pain_after=None, is_closed_unrated=False)
    return is_rateable & Q(started_at__gt=at - OPEN_FOR, started_at__lte=at)


# ``TreatmentSession.is_after_late`` as the database asks it.
IS_AFTER_LATE = Q(after_entered_at__gt=F("after_rated_at") + LATE_AFTER)

# Rated again in time (``longest_minutes``), as the database asks it of sessions ``with_due``.
A_MINUTE = timedelta(minutes=1)
DUE_AFTER = ExpressionWrapper(F("due_after") * A_MINUTE, output_field=DurationField())
LONGEST = ExpressionWrapper(
    Greatest(LEAST_LONGEST_MINUTES, F("due_after") * LONGEST_IN_DUES) * A_MINUTE,
    output_field=DurationField(),
)
IS_IN_TIME = Q(
    after_rated_at__gte=F("started_at") + SHORTEST_MINUTES * A_MINUTE,
    after_rated_at__lte=F("started_at") + LONGEST,
)
# Compared (docs/method.md, "Pairs"), likewise; to the engine it is ``Rows.has_pair``.
IS_PAIR = IS_IN_TIME & ~IS_AFTER_LATE & Q(pain_after__isnull=False, had_something_else=False)

# ``TreatmentSession.is_from_memory`` as the database asks it.
IS_SESSION_FROM_MEMORY = Q(entered_at__gt=F("started_at") + FROM_MEMORY_AFTER) | Q(
    after_entered_at__gt=F("after_rated_at") + FROM_MEMORY_AFTER
)


class TreatmentSessionQuerySet(EntryQuerySet):
    def filtered(self, *, treatment=None, **filters):
        """As for entries; ``treatment`` is one of the person's, or "wait" for wait and see."""
        sessions = super().filtered(**filters)
        if treatment == WAIT:
            return sessions.waits()
        if treatment:
            return sessions.with_treatment(treatment)
        return sessions

    def with_names(self):
        """Each with ``names``, what was done in the order it was chosen; empty for a wait."""
        links = SessionTreatment.objects.filter(session=models.OuterRef("pk")).order_by("id")
        return self.annotate(names=ArraySubquery(links.values("treatment__name")))

    def with_due(self):
        """Each with ``due_after``, the model's ``due``."""
        links = SessionTreatment.objects.filter(session=models.OuterRef("pk")).order_by()
        longest = links.values("session").annotate(
            longest=models.Max("treatment__rate_again_after_minutes")
        )
        of_treatments = models.Subquery(longest.values("longest"))
        return self.annotate(due_after=Coalesce("due_minutes", of_treatments, USUAL_MINUTES))

    def going_on(self, *, at):
        """The waits that were not rated again and have just become due, or have not yet: those
        that can be given up."""
        waits = self.unfinished(at=at).waits_with_due()
        return waits.filter(started_at__gt=at - WAITS_ON_FOR - DUE_AFTER)

    def pairs(self):
        """Those that are compared: rated again in time, with nothing else done in between."""
        return self.with_due().filter(IS_PAIR)

    def waits(self):
        """Wait and see: sessions without a treatment, the reference of every comparison."""
        return self.filter(
            ~models.Exists(SessionTreatment.objects.filter(session=models.OuterRef("pk")))
        )

    def waits_with_due(self):
        """The waits, each with ``due_after``: no treatment has a say in it, and none is looked
        for."""
        return self.waits().annotate(due_after=Coalesce("due_minutes", USUAL_MINUTES))

    def with_treatment(self, treatment):
        links = SessionTreatment.objects.filter(
            user=models.OuterRef("user"), session=models.OuterRef("pk"), treatment=treatment
        )
        return self.filter(models.Exists(links))

    def waited_lately(self, *, at):
        """Waits that are still open, or that began or were rated again in the last two hours."""
        since = at - JUST_WAITED
        # The diary day lies within a day of the instant, and the index begins with it.
        last_days = self.filter(diary_date__gte=(at - 2 * OPEN_FOR).date(), started_at__lte=at)
        is_open = Q(pain_after=None, is_closed_unrated=False, started_at__gt=at - OPEN_FOR)
        return last_days.waits().filter(
            is_open | Q(started_at__gt=since) | Q(after_rated_at__gt=since)
        )

    def unrated(self):
        """Not rated again, and not closed as "not rated"."""
        return self.filter(pain_after=None, is_closed_unrated=False)

    def unfinished(self, *, at):
        return self.filter(is_unfinished(at))


class FromItsStart:
    """From when on after ``started_at`` a rating counts, when it is late, until when it counts.

    The last two go by ``due``, the minutes after which it is to be rated again.
    """

    @property
    def counts_from(self) -> datetime:
        """A rating before that is kept, but not compared."""
        return self.started_at + timedelta(minutes=SHORTEST_MINUTES)

    @property
    def counts_from_minutes(self) -> int:
        return SHORTEST_MINUTES

    @property
    def late_at(self) -> datetime:
        """Since when it has been due so long that it will soon not count any more."""
        return self.started_at + timedelta(minutes=late_minutes(self.due))

    @property
    def counts_until(self) -> datetime:
        """After that what is rated is kept, but not compared."""
        return self.started_at + timedelta(minutes=longest_minutes(self.due))

    @property
    def counts_for_minutes(self) -> int:
        return int(longest_minutes(self.due))


class TreatmentSession(FromItsStart, Entry):
    """A rating before, something done or a wait, and a rating after.

    Without a treatment it is a **wait and see**. ``entered_at`` and ``after_entered_at`` say
    when the two ratings were typed (None: imported). Sessions that were one act for several
    complaints, a session of each, have the same ``together``.
    """

    is_session = True
    pains_then = ("pain_before",)
    further_fields = ("minutes", "position", "adverse_effect", "note")

    started_at = models.DateTimeField(_lazy("started"))
    treatments = models.ManyToManyField(
        Treatment,
        through="SessionTreatment",
        related_name="sessions",
        verbose_name=_lazy("treatments"),
    )
    asked_by_app = models.BooleanField(null=True, blank=True, editable=False)
    minutes = models.PositiveSmallIntegerField(_lazy("minutes"), null=True, blank=True)
    due_minutes = models.PositiveSmallIntegerField(
        _lazy("to be rated again after, in minutes"), null=True, editable=False
    )
    pain_before = NrsField(_lazy("pain before"))
    pain_after = NrsField(_lazy("pain after"), null=True, blank=True)
    after_rated_at = models.DateTimeField(_lazy("rated again"), null=True, blank=True)
    after_entered_at = models.DateTimeField(null=True, editable=False)
    is_closed_unrated = models.BooleanField(default=False, editable=False)
    together = models.UUIDField(null=True, editable=False)
    had_something_else = models.BooleanField(
        _lazy("Took or did something else in between"), default=False
    )
    position = models.CharField(
        _lazy("where on the mat"), max_length=10, choices=Position, blank=True
    )

    objects = TreatmentSessionQuerySet.as_manager()

    class Meta(Entry.Meta):
        ordering = ["-diary_date", "-started_at", "-id"]
        indexes = [
            models.Index(fields=["user", "diary_date", "started_at"], name="session_user_day"),
            models.Index(
                fields=["user", "condition", "diary_date", "started_at"],
                name="session_condition_day",
            ),
            models.Index(
                fields=["user", "started_at"],
                condition=Q(pain_after=None, is_closed_unrated=False),
                name="session_user_unfinished",
            ),
            models.Index(
                fields=["user", "condition"],
                condition=Q(asked_by_app=True),
                name="session_asked_waits",
            ),
        ]
        constraints = [
            *Entry.Meta.constraints,
            nrs_constraint("treatmentsession", "pain_before"),
            nrs_constraint("treatmentsession", "pain_after"),
            models.CheckConstraint(
                condition=Q(pain_after=None, after_rated_at=None)
                | Q(pain_after__isnull=False, after_rated_at__isnull=False),
                name="treatmentsession_after_has_value_and_moment",
                violation_error_message=_lazy(
                    "Give both the pain after and when you rated it, or neither."
                ),
            ),
            models.CheckConstraint(
                condition=Q(after_rated_at__gte=F("started_at")) | Q(after_rated_at=None),
                name="treatmentsession_after_not_before_start",
                violation_error_message=_lazy("You cannot have rated again before you started."),
            ),
            models.CheckConstraint(
                condition=Q(after_entered_at=None) | Q(pain_after__isnull=False),
                name="treatmentsession_after_entered_needs_after",
            ),
            models.CheckConstraint(
                condition=Q(is_closed_unrated=False) | Q(pain_after=None),
                name="treatmentsession_closed_unrated_has_no_after",
            ),
            models.UniqueConstraint(
                fields=["user", "together", "condition"],
                condition=Q(together__isnull=False),
                name="treatmentsession_together_once_for_each_complaint",
                violation_error_message=_lazy(
                    "The same session is there for this condition already."
                ),
            ),
            models.CheckConstraint(
                condition=Q(minutes__range=MINUTES),
                name="treatmentsession_minutes_within_a_day",
                violation_error_message=NOT_THESE_MINUTES,
            ),
            models.CheckConstraint(
                condition=Q(due_minutes__range=DUE_MINUTES),
                name="treatmentsession_due_within_a_day",
                violation_error_message=NOT_THESE_DUE_MINUTES,
            ),
            models.CheckConstraint(
                condition=Q(position__in=["", *Position.values]),
                name="treatmentsession_position_is_known",
            ),
        ]

    def __str__(self):
        return f"session, {self.diary_date}"

    def get_absolute_url(self):
        return address_of("diary:session_edit", self.pk)

    @property
    def at(self):
        return self.started_at

    @property
    def due(self) -> int:
        """After how many minutes it is to be rated again: its own, else what its treatments say."""
        if self.due_minutes is None:
            return due_minutes_of(self.treatments.all())
        return self.due_minutes

    def link(self, treatments):
        """Make ``treatments`` what was done in this session; none makes it a wait and see."""
        linked = {link.treatment_id: link for link in self.links.all()}
        wanted = {treatment.pk for treatment in treatments}
        gone = [link.pk for pk, link in linked.items() if pk not in wanted]
        if gone:
            self.links.filter(pk__in=gone).delete()
        SessionTreatment.objects.bulk_create(
            SessionTreatment(user_id=self.user_id, session=self, treatment=treatment)
            for treatment in treatments
            if treatment.pk not in linked
        )

    def end_open_waits(self, *, at) -> int:
        """The rating before this session is also the one after a wait for the same complaint.

        Whoever gives up waiting does so because it got worse: a wait that lost its rating
        then would flatter waiting. A wait that was forgotten stays missing: filled in when
        it hurts again, it would flatter the treatments.
        """
        waits = TreatmentSession.objects.for_user(self.user_id).going_on(at=at)
        return (
            waits.filter(condition=self.condition_id)
            .exclude(pk=self.pk)
            .update(
                pain_after=self.pain_before,
                after_rated_at=at,
                after_entered_at=at,
                version=F("version") + 1,
            )
        )

    def give_waits_back(self) -> int:
        """Undo ``end_open_waits``: the waits that this session's start ended go on again.

        They are known by the rating that it gave them, to the microsecond. Where another session
        was started since then, its rating ends them instead. Returns how many there were.
        """
        own = TreatmentSession.objects.for_user(self.user_id).filter(condition=self.condition_id)
        given = {
            "started_at__gt": self.started_at - OPEN_FOR,
            "diary_date__gte": (self.started_at - OPEN_FOR).date(),
            "after_rated_at": self.started_at,
            "pain_after": self.pain_before,
        }
        waits = (
            own.exclude(pk=self.pk).waits().filter(**given, after_entered_at=F("after_rated_at"))
        )
        unrated = {"pain_after": None, "after_rated_at": None, "after_entered_at": None}
        number = waits.update(**unrated, version=F("version") + 1)
        since = own.filter(started_at__gt=self.started_at, entered_at=F("started_at"))
        if number and (next_one := since.order_by("started_at").first()):
            next_one.end_open_waits(at=next_one.started_at)
        return number

    def others(self):
        """The sessions of other complaints that were the same act."""
        if self.together is None:
            return TreatmentSession.objects.none()
        own = TreatmentSession.objects.for_user(self.user_id).filter(together=self.together)
        return own.exclude(pk=self.pk).order_by("pk")

    def unrate(self) -> None:
        """As before it was rated again: it waits for that once more."""
        self.pain_after = self.after_rated_at = self.after_entered_at = None
        self.had_something_else = False
        self.version += 1
        rating = ["pain_after", "after_rated_at", "after_entered_at", "had_something_else"]
        self.save(update_fields=[*rating, "version"])

    def reopen(self) -> None:
        """As before it was closed as not rated."""
        self.is_closed_unrated = False
        self.save(update_fields=["is_closed_unrated"])

    def summary(self) -> str:
        """What was done and rated, in a few words."""
        return self.rated_in_words(self.names_of_treatments())

    def names_of_treatments(self) -> list[str]:
        """What was done, in the order it was chosen; empty for a wait."""
        return [link.treatment.name for link in self.links.select_related("treatment")]

    def done_in_words(self) -> str:
        return ", ".join(self.names_of_treatments()) or _("Wait and see")

    def rated_in_words(self, names: list[str] | None) -> str:
        """The ratings, after the names of what was done; None where these are not known yet."""
        done = _("Session") if names is None else ", ".join(names) or _("Wait and see")
        params = {"done": done, "before": self.pain_before}
        rated = _("%(done)s: pain %(before)s before") % params
        if self.pain_after is None:
            return rated
        return _("%(rated)s, %(after)s after") % {"rated": rated, "after": self.pain_after}

    @property
    def is_from_memory(self) -> bool:
        """Whether either rating was typed more than 30 minutes after its moment."""
        return typed_from_memory(self.started_at, self.entered_at) or typed_from_memory(
            self.after_rated_at, self.after_entered_at
        )

    @property
    def is_after_late(self) -> bool:
        """Whether the after-rating was typed over 4 hours after its moment: shown, not compared."""
        return bool(
            self.after_rated_at
            and self.after_entered_at
            and self.after_entered_at - self.after_rated_at > LATE_AFTER
        )


class SessionTreatment(OwnedModel):
    """One treatment of one session; several rows where several were used together."""

    session = models.ForeignKey(
        TreatmentSession, on_delete=models.CASCADE, related_name="links", db_constraint=False
    )
    treatment = models.ForeignKey(
        Treatment,
        on_delete=models.RESTRICT,
        related_name="links",
        db_constraint=False,
        db_index=False,
    )

    class Meta(OwnedModel.Meta):
        ordering = ["id"]
        indexes = [
            models.Index(fields=["user", "treatment", "session"], name="link_user_treatment")
        ]
        constraints = [
            *OwnedModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["session", "treatment"], name="sessiontreatment_named_once_per_session"
            ),
        ]

    def __str__(self):
        return f"{self.treatment_id} in {self.session_id}"
