from datetime import date, datetime, timedelta

from django.db import models
from django.db.models import Count, F, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from apps.conditions.nrs import NrsField, nrs_constraint
from apps.treatments.rate_again import LONGEST_MINUTES, SHORTEST_MINUTES, USUAL_MINUTES
from apps.users.lists.named import NamedModel
from apps.users.ownership import OwnedModel, OwnedQuerySet
from apps.users.typed.years import FIRST_DAY

NOT_THESE_INTERVALS = format_lazy(
    _("Rate again after {shortest} minutes to {hours} hours ({longest} minutes)."),
    shortest=SHORTEST_MINUTES,
    hours=LONGEST_MINUTES // 60,
    longest=LONGEST_MINUTES,
)


class Kind(models.TextChoices):
    """The built-in kinds of treatment; ``catalogue.py`` holds the facts of each."""

    STRETCHING = "stretching", _("Stretching")
    EXERCISE = "exercise", _("Gentle exercise")
    STAYING_ACTIVE = "staying_active", _("Staying active")
    POSTURE = "posture", _("Posture")
    HEAT = "heat", _("Heat pack")
    PAIN_RELIEF = "pain_relief", _("Over-the-counter pain relief")
    ACUPRESSURE_MAT = "acupressure_mat", _("Acupressure mat")
    ACUPUNCTURE = "acupuncture", _("Acupuncture")
    PHYSIOTHERAPY = "physiotherapy", _("Physiotherapy")
    HYDROTHERAPY = "hydrotherapy", _("Hydrotherapy")
    MASSAGE = "massage", _("Massage")
    INJECTION = "injection", _("Steroid epidural injection")
    ORTHOTICS = "orthotics", _("Orthotics")
    WEIGHT = "weight", _("Weight loss")
    OTHER = "other", _("Something else")


class Setting(models.TextChoices):
    HOME = "home", _("at home")
    APPOINTMENT = "appointment", _("at an appointment")


class Weekday(models.IntegerChoices):
    """As Python numbers them."""

    MONDAY = 0, WEEKDAYS[0]
    TUESDAY = 1, WEEKDAYS[1]
    WEDNESDAY = 2, WEEKDAYS[2]
    THURSDAY = 3, WEEKDAYS[3]
    FRIDAY = 4, WEEKDAYS[4]
    SATURDAY = 5, WEEKDAYS[5]
    SUNDAY = 6, WEEKDAYS[6]


class Decision(models.TextChoices):
    """What a person says on the day they wanted to look back."""

    GO_ON = "go_on", _("go on")
    STOP = "stop", _("stop")
    LATER = "later", _("ask again in six weeks")


ASKED_AGAIN_AFTER = timedelta(weeks=6)


class TreatmentQuerySet(OwnedQuerySet):
    def current(self):
        """Not archived: what is offered when a session starts."""
        return self.filter(archived_at=None)

    def with_course(self, day, *, today):
        """`begun`: its first period's start up to the day; `n_open`: those not over today."""
        is_begun = Q(periods__started_on__lte=day)
        is_open = Q(periods__ended_on=None) | Q(periods__ended_on__gte=today)
        return self.annotate(
            begun=Min("periods__started_on", filter=is_begun),
            n_open=Count("periods", filter=is_begun & is_open),
        )

    def due_for_review(self, at_day):
        """In use, and the day chosen for looking back has come: the longest waiting first."""
        return self.current().filter(review_on__lte=at_day).order_by("review_on", "name")


class Treatment(NamedModel):
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.OTHER)
    minutes = models.PositiveSmallIntegerField(
        _("usual minutes"),
        null=True,
        blank=True,
        help_text=_("How long one session usually takes. You can change it each time."),
    )
    rate_again_after_minutes = models.PositiveSmallIntegerField(
        _("rate again after"),
        default=USUAL_MINUTES,
        help_text=_("Minutes from the start until you rate your pain again."),
    )
    setting = models.CharField(_("where"), max_length=11, choices=Setting, default=Setting.HOME)
    weekday = models.PositiveSmallIntegerField(
        _("day of the week"),
        choices=Weekday,
        null=True,
        blank=True,
        help_text=_("Of an appointment or a class that you have every week."),
    )
    upfront_cost = models.DecimalField(
        _("bought for"),
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("What it cost once, for example the price of the mat."),
    )
    cost_per_session = models.DecimalField(
        _("cost per session"),
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("For example the price of one appointment."),
    )
    expectation = NrsField(
        _("what do you expect of it?"),
        null=True,
        blank=True,
        anchors=(_("nothing"), _("that the pain goes")),
        help_text=_("Asked once, before you can know."),
    )
    pain_before_from_memory = NrsField(
        _("how bad was it in the month before?"),
        null=True,
        blank=True,
        help_text=_(
            "On average, in the month before you began with it. From memory: it is drawn as "
            "memory, and no sum counts it."
        ),
    )
    review_on = models.DateField(
        _("look back on"),
        null=True,
        blank=True,
        help_text=_("On this day we ask whether you want to go on with it."),
    )
    is_prescribed = models.BooleanField(
        _("This is medicine that was prescribed to me"),
        default=False,
        help_text=_("The app will never ask you to wait with it."),
    )
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = TreatmentQuerySet.as_manager()

    class Meta(NamedModel.Meta):
        ordering = ["name"]
        constraints = [
            *NamedModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["user", "name"],
                name="treatment_name_is_unique_per_person",
                violation_error_message=_("You already have a treatment of this name."),
            ),
            models.CheckConstraint(condition=~Q(name=""), name="treatment_has_a_name"),
            models.CheckConstraint(
                condition=Q(kind__in=Kind.values), name="treatment_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(setting__in=Setting.values), name="treatment_setting_is_known"
            ),
            models.CheckConstraint(
                condition=Q(minutes__range=(1, 1440)),
                name="treatment_minutes_within_a_day",
                violation_error_message=_("A session lasts from 1 to 1,440 minutes."),
            ),
            models.CheckConstraint(
                condition=Q(rate_again_after_minutes__range=(SHORTEST_MINUTES, LONGEST_MINUTES)),
                name="treatment_rated_again_within_8_hours",
                violation_error_message=NOT_THESE_INTERVALS,
            ),
            models.CheckConstraint(
                condition=Q(weekday__in=Weekday.values), name="treatment_weekday_is_known"
            ),
            models.CheckConstraint(
                condition=Q(upfront_cost__gte=0),
                name="treatment_upfront_cost_not_negative",
                violation_error_message=_("A cost cannot be below 0."),
            ),
            models.CheckConstraint(
                condition=Q(cost_per_session__gte=0),
                name="treatment_cost_per_session_not_negative",
                violation_error_message=_("A cost cannot be below 0."),
            ),
            models.CheckConstraint(
                condition=Q(review_on__gte=FIRST_DAY),
                name="treatment_review_since_1900",
                violation_error_message=_("The review date must be in 1900 or later."),
            ),
            nrs_constraint("treatment", "expectation"),
            nrs_constraint("treatment", "pain_before_from_memory"),
        ]

    @property
    def has_ended(self) -> bool:
        """Whether all of its course is over, as far as `with_course` has read it."""
        return self.begun is not None and not self.n_open

    @property
    def usually_due_after(self) -> int:
        """Minutes until a session is usually rated again: an appointment is over by then."""
        lasts = self.minutes if self.setting == Setting.APPOINTMENT else None
        return max(self.rate_again_after_minutes, lasts or 0)

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("treatments:detail", args=[self.pk])

    def decide(self, decision: Decision, *, on: date, at: datetime) -> None:
        """Keep what was decided on this day; whoever stops retires it, and can bring it back."""
        kept = {"user_id": self.user_id, "treatment": self, "decided_on": on}
        TreatmentReview.objects.create(**kept, decision=decision)
        self.review_on = on + ASKED_AGAIN_AFTER if decision == Decision.LATER else None
        self.archived_at = at if decision == Decision.STOP else self.archived_at
        self.save(update_fields=["review_on", "archived_at"])

    def is_due_for_review(self, at_day) -> bool:
        """Whether ``due_for_review`` would name it."""
        return bool(not self.archived_at and self.review_on and self.review_on <= at_day)


class TreatmentPeriod(OwnedModel):
    """A stretch of days in which a treatment was in use, or worn, or took its course."""

    treatment = models.ForeignKey(
        Treatment,
        on_delete=models.CASCADE,
        related_name="periods",
        db_constraint=False,
        editable=False,
    )
    started_on = models.DateField(_("from"))
    ended_on = models.DateField(_("until"), null=True, blank=True)
    why_stopped = models.CharField(_("why stopped"), max_length=200, blank=True)
    place = models.CharField(
        _("place"),
        max_length=120,
        blank=True,
        help_text=_("For example: L5, left, or the name of the clinic."),
    )
    cost = models.DecimalField(_("price"), max_digits=9, decimal_places=2, null=True, blank=True)

    class Meta(OwnedModel.Meta):
        ordering = ["treatment_id", "-started_on", "id"]
        indexes = [models.Index(fields=["user", "treatment"], name="period_user_treatment")]
        constraints = [
            *OwnedModel.Meta.constraints,
            models.CheckConstraint(
                condition=Q(started_on__gte=FIRST_DAY),
                name="treatmentperiod_started_since_1900",
                violation_error_message=_("The first day must be in 1900 or later."),
            ),
            models.CheckConstraint(
                condition=Q(ended_on__gte=F("started_on")),
                name="treatmentperiod_ends_after_it_starts",
                violation_error_message=_("A period cannot end before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(why_stopped="") | Q(ended_on__isnull=False),
                name="treatmentperiod_reason_needs_an_end",
                violation_error_message=_("Say until when, if you say why it stopped."),
            ),
            models.CheckConstraint(
                condition=Q(cost__gte=0),
                name="treatmentperiod_cost_not_negative",
                violation_error_message=_("A cost cannot be below 0."),
            ),
        ]

    def __str__(self):
        return f"{self.treatment}, {self.started_on}"


class TreatmentReview(OwnedModel):
    """What was decided when a person looked back on a treatment."""

    treatment = models.ForeignKey(
        Treatment,
        on_delete=models.CASCADE,
        related_name="reviews",
        db_constraint=False,
        editable=False,
    )
    decided_on = models.DateField(_("looked back on"))
    decision = models.CharField(_("decision"), max_length=5, choices=Decision)

    class Meta(OwnedModel.Meta):
        ordering = ["treatment_id", "decided_on", "id"]
        indexes = [models.Index(fields=["user", "treatment"], name="review_user_treatment")]
        constraints = [
            *OwnedModel.Meta.constraints,
            models.CheckConstraint(
                condition=Q(decided_on__gte=FIRST_DAY), name="treatmentreview_since_1900"
            ),
            models.CheckConstraint(
                condition=Q(decision__in=Decision.values),
                name="treatmentreview_decision_is_known",
            ),
        ]

    def __str__(self):
        return f"{self.treatment_id}, {self.decided_on}: {self.decision}"
