import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from apps.conditions.models import Condition, Side
from apps.conditions.nrs import NrsField, nrs_constraint
from apps.treatments.models import Treatment
from apps.users.models import validate_time_zone
from apps.users.ownership import OwnedModel, OwnedQuerySet

WAIT = "wait"  # in forms and addresses: no treatment, wait and see
FROM_MEMORY_AFTER = timedelta(minutes=30)
LATE_AFTER = timedelta(hours=4)
OPEN_FOR = timedelta(hours=24)
WAIT_GOES_ON_FOR = timedelta(minutes=60)  # 45, and a little for being late
JUST_WAITED = timedelta(hours=2)


class Furthest(models.TextChoices):
    """How far down the leg it reaches, from the top."""

    LOWER_BACK = "lower_back", _lazy("lower back")
    BUTTOCK = "buttock", _lazy("buttock")
    THIGH = "thigh", _lazy("thigh")
    CALF = "calf", _lazy("calf")
    FOOT = "foot", _lazy("foot")


class Symptom(models.TextChoices):
    NUMBNESS = "numbness", _lazy("numbness")
    TINGLING = "tingling", _lazy("tingling")
    BURNING = "burning", _lazy("burning")
    WEAKNESS = "weakness", _lazy("weakness")


class Position(models.TextChoices):
    """Where the acupressure mat was."""

    LOWER_BACK = "lower_back", _lazy("lower back")
    BUTTOCKS = "buttocks", _lazy("buttocks")
    NECK = "neck", _lazy("neck, on the pillow")
    STANDING = "standing", _lazy("standing on it")


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
                condition=Q(diary_date__gte="1900-01-01"),
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
        return self.at.astimezone(self.zone)

    def day_url(self) -> str:
        """The diary, opened at the day of this entry."""
        return f"{reverse('diary:list')}?until={self.diary_date}#day-{self.diary_date}"


class EntryQuerySet(OwnedQuerySet):
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


class CheckIn(Entry):
    """How it is at a moment, with nothing done about it."""

    is_session = False

    rated_at = models.DateTimeField(_lazy("when"))
    leg_pain = NrsField(_lazy("leg pain"), null=True, blank=True)
    back_pain = NrsField(_lazy("back pain"), null=True, blank=True)
    furthest = models.CharField(
        _lazy("furthest point it reaches"), max_length=10, choices=Furthest, blank=True
    )
    symptoms = ArrayField(
        models.CharField(max_length=8, choices=Symptom),
        verbose_name=_lazy("symptoms"),
        default=list,
        blank=True,
    )
    sleep = NrsField(
        _lazy("sleep last night"),
        null=True,
        blank=True,
        anchors=(_lazy("hardly slept"), _lazy("slept well")),
    )
    stress = NrsField(
        _lazy("stress"),
        null=True,
        blank=True,
        anchors=(_lazy("calm"), _lazy("as stressed as can be")),
    )
    energy = NrsField(
        _lazy("energy"), null=True, blank=True, anchors=(_lazy("none"), _lazy("full of it"))
    )
    headache = NrsField(
        _lazy("headache"), null=True, blank=True, anchors=(_lazy("none"), _lazy("worst imaginable"))
    )
    muscle_tension = NrsField(
        _lazy("muscle tension"),
        null=True,
        blank=True,
        anchors=(_lazy("loose"), _lazy("as tense as can be")),
    )
    painkillers = models.BooleanField(_lazy("painkillers today"), null=True, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta(Entry.Meta):
        ordering = ["-diary_date", "-rated_at", "-id"]
        indexes = [
            models.Index(fields=["user", "diary_date", "rated_at"], name="checkin_user_day"),
            models.Index(
                fields=["user", "condition", "diary_date", "rated_at"], name="checkin_condition_day"
            ),
        ]
        constraints = [
            *Entry.Meta.constraints,
            *(
                nrs_constraint("checkin", field)
                for field in (
                    "leg_pain",
                    "back_pain",
                    "sleep",
                    "stress",
                    "energy",
                    "headache",
                    "muscle_tension",
                )
            ),
            models.CheckConstraint(
                condition=Q(furthest__in=["", *Furthest.values]), name="checkin_furthest_is_known"
            ),
            models.CheckConstraint(
                condition=Q(symptoms__contained_by=Symptom.values),
                name="checkin_symptoms_are_known",
            ),
        ]

    def __str__(self):
        return f"check-in, {self.diary_date}"

    def get_absolute_url(self):
        return reverse("diary:checkin_edit", args=[self.pk])

    @property
    def at(self):
        return self.rated_at

    @property
    def worse_pain(self) -> int | None:
        """The higher of leg and back pain; None where neither was rated."""
        rated = [pain for pain in (self.leg_pain, self.back_pain) if pain is not None]
        return max(rated, default=None)

    @property
    def is_from_memory(self) -> bool:
        return typed_from_memory(self.rated_at, self.entered_at)

    def summary(self) -> str:
        """What was rated, in a few words."""
        rated = [(_("Leg pain"), self.leg_pain), (_("back pain"), self.back_pain)]
        said = [f"{name} {pain}" for name, pain in rated if pain is not None]
        return ", ".join([*said, *([self.get_side_display()] if self.side else [])]) or _("A note.")


def is_unfinished(at: datetime) -> Q:
    """Started within the last 24 hours, not rated again and not closed as "not rated"."""
    is_rateable = Q(pain_after=None, is_closed_unrated=False)
    return is_rateable & Q(started_at__gt=at - OPEN_FOR, started_at__lte=at)


# ``TreatmentSession.is_after_late`` as the database asks it.
IS_AFTER_LATE = Q(after_entered_at__gt=F("after_rated_at") + LATE_AFTER)


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

    def going_on(self, *, at):
        """The waits of the last hour that were not rated again: those that can be given up."""
        return self.unfinished(at=at).waits().filter(started_at__gt=at - WAIT_GOES_ON_FOR)

    def waits(self):
        """Wait and see: sessions without a treatment, the reference of every comparison."""
        return self.filter(
            ~models.Exists(SessionTreatment.objects.filter(session=models.OuterRef("pk")))
        )

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

    def unfinished(self, *, at):
        return self.filter(is_unfinished(at))


class TreatmentSession(Entry):
    """A rating before, something done or a wait, and a rating after.

    Without a treatment it is a **wait and see**. ``entered_at`` and ``after_entered_at`` say
    when the two ratings were typed (None: imported).
    """

    is_session = True

    started_at = models.DateTimeField(_lazy("started"))
    treatments = models.ManyToManyField(
        Treatment,
        through="SessionTreatment",
        related_name="sessions",
        verbose_name=_lazy("treatments"),
    )
    asked_by_app = models.BooleanField(null=True, blank=True, editable=False)
    minutes = models.PositiveSmallIntegerField(_lazy("minutes"), null=True, blank=True)
    pain_before = NrsField(_lazy("pain before"))
    pain_after = NrsField(_lazy("pain after"), null=True, blank=True)
    after_rated_at = models.DateTimeField(_lazy("rated again"), null=True, blank=True)
    after_entered_at = models.DateTimeField(null=True, editable=False)
    is_closed_unrated = models.BooleanField(default=False, editable=False)
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
        ]
        constraints = [
            *Entry.Meta.constraints,
            nrs_constraint("treatmentsession", "pain_before"),
            nrs_constraint("treatmentsession", "pain_after"),
            models.CheckConstraint(
                condition=Q(pain_after=None, after_rated_at=None)
                | Q(pain_after__isnull=False, after_rated_at__isnull=False),
                name="treatmentsession_after_has_value_and_moment",
                violation_error_message=_(
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
            models.CheckConstraint(
                condition=Q(minutes__range=(1, 1440)),
                name="treatmentsession_minutes_within_a_day",
                violation_error_message=_lazy("A session lasts from 1 to 1,440 minutes."),
            ),
            models.CheckConstraint(
                condition=Q(position__in=["", *Position.values]),
                name="treatmentsession_position_is_known",
            ),
        ]

    def __str__(self):
        return f"session, {self.diary_date}"

    def get_absolute_url(self):
        return reverse("diary:session_edit", args=[self.pk])

    @property
    def at(self):
        return self.started_at

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

    def summary(self) -> str:
        """What was done and rated, in a few words."""
        done = ", ".join(link.treatment.name for link in self.links.select_related("treatment"))
        rated = _("%(done)s: pain %(before)s before") % {
            "done": done or _("Wait and see"),
            "before": self.pain_before,
        }
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


class Revision(models.Model):
    """How often a person's diary has changed. The database counts (triggers of migration 0002).

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
        return cls.objects.filter(user=user).values_list("number", flat=True).first() or 0


class HowOften(models.IntegerChoices):
    """At one in how many started sessions the app asks to wait first."""

    NEVER = 0, _lazy("never")
    ONE_IN_TEN = 10, _lazy("1 in 10")
    ONE_IN_FIVE = 5, _lazy("1 in 5")
    ONE_IN_THREE = 3, _lazy("1 in 3")
    ONE_IN_TWO = 2, _lazy("1 in 2")


class WaitPlan(OwnedModel):
    """How often a person may be asked to wait first, and the coin that decides when.

    ``seed`` and ``next_ordinal`` together are the next toss (``waiting.coin_says_wait``). The
    ordinal moves on only when a session comes of it, so that neither a reload nor going back
    tosses again. The seed is shown nowhere.
    """

    one_in = models.PositiveSmallIntegerField(
        _lazy("About how often may we ask you to wait first?"),
        choices=HowOften,
        default=HowOften.ONE_IN_FIVE,
    )
    pain_limit = NrsField(
        _lazy("Never ask when my pain is above"),
        default=8,
        help_text=_lazy("At this number and below we may ask. At 10, however bad it is."),
    )
    seed = models.UUIDField(default=uuid.uuid4, editable=False)
    next_ordinal = models.PositiveIntegerField(default=0, editable=False)

    class Meta(OwnedModel.Meta):
        constraints = [
            *OwnedModel.Meta.constraints,
            models.UniqueConstraint(fields=["user"], name="waitplan_one_per_person"),
            models.CheckConstraint(
                condition=Q(one_in__in=HowOften.values), name="waitplan_one_in_is_known"
            ),
            nrs_constraint("waitplan", "pain_limit"),
        ]

    def __str__(self):
        return f"1 in {self.one_in}, up to {self.pain_limit}"


class Outcome(models.TextChoices):
    """What became of a started session when the coin was tossed for it."""

    NOT_ELIGIBLE = "not_eligible", _lazy("may not be asked")
    NOT_ASKED = "not_asked", _lazy("not asked")
    ACCEPTED = "accepted", _lazy("waited first")
    SKIPPED = "skipped", _lazy("asked, started at once")


class WaitDrawQuerySet(OwnedQuerySet):
    def tally(self) -> dict[str, int]:
        """How often the person was asked, and how often they waited first."""
        waited = Q(outcome=Outcome.ACCEPTED)
        return self.aggregate(
            asked=models.Count("id", filter=waited | Q(outcome=Outcome.SKIPPED)),
            waited=models.Count("id", filter=waited),
        )


class WaitDraw(OwnedModel):
    """One toss, once a session came of it: how likely, when, and the outcome.

    ``client_id`` is that session's. It is no foreign key: what was tossed stays true when the
    session is deleted, and fits again when the deletion is taken back. Sessions that may not be
    asked use no toss: they have no ordinal.
    """

    ordinal = models.PositiveIntegerField(null=True)
    one_in = models.PositiveSmallIntegerField(choices=HowOften)
    outcome = models.CharField(max_length=12, choices=Outcome)
    drawn_at = models.DateTimeField()
    client_id = models.UUIDField()
    planned = models.ManyToManyField(Treatment, through="PlannedTreatment", related_name="+")

    objects = WaitDrawQuerySet.as_manager()

    class Meta(OwnedModel.Meta):
        constraints = [
            *OwnedModel.Meta.constraints,
            models.UniqueConstraint(fields=["user", "ordinal"], name="waitdraw_tossed_once"),
            models.UniqueConstraint(fields=["user", "client_id"], name="waitdraw_one_per_session"),
            models.CheckConstraint(
                condition=Q(one_in__in=[n for n in HowOften.values if n]),
                name="waitdraw_one_in_is_known",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values), name="waitdraw_outcome_is_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.NOT_ELIGIBLE, ordinal=None)
                | (~Q(outcome=Outcome.NOT_ELIGIBLE) & Q(ordinal__isnull=False)),
                name="waitdraw_uses_a_toss_if_eligible",
            ),
        ]

    def __str__(self):
        return f"{self.outcome}, {self.drawn_at}"


class PlannedTreatment(OwnedModel):
    """What the person was about to do when they were asked to wait first."""

    draw = models.ForeignKey(
        WaitDraw, on_delete=models.CASCADE, related_name="links", db_constraint=False
    )
    treatment = models.ForeignKey(
        Treatment, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )

    class Meta(OwnedModel.Meta):
        ordering = ["id"]
        constraints = [
            *OwnedModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["draw", "treatment"], name="plannedtreatment_named_once_per_draw"
            ),
        ]

    def __str__(self):
        return f"{self.treatment_id} planned in {self.draw_id}"
