from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.conditions.places import Places
from apps.users.lists.named import NamedModel
from apps.users.ownership import OwnedModel, OwnedQuerySet
from apps.users.typed.years import FIRST_DAY


class Side(models.TextChoices):
    """The side that hurts at a moment."""

    LEFT = "left", _("left")
    RIGHT = "right", _("right")
    BOTH = "both", _("both")
    NEITHER = "neither", _("neither")


class UsualSide(models.TextChoices):
    LEFT = "left", _("left")
    RIGHT = "right", _("right")
    BOTH = "both", _("both")
    SWITCHES = "switches", _("it switches")


LONGEST_PLACE = 24


class ConditionQuerySet(OwnedQuerySet):
    def current(self):
        """Not archived: what is offered when something new is written down."""
        return self.filter(archived_at=None)


class Condition(NamedModel):
    name = models.CharField(_("name"), max_length=80, help_text=_("For example: Sciatica."))
    usual_side = models.CharField(_("usual side"), max_length=8, choices=UsualSide, blank=True)
    # Codes of ``Place`` or words of the person's own; both empty: leg and back.
    first_place = models.CharField(_("first place"), max_length=LONGEST_PLACE, blank=True)
    second_place = models.CharField(_("second place"), max_length=LONGEST_PLACE, blank=True)
    since_on = models.DateField(_("since"), null=True, blank=True)
    resolved_on = models.DateField(_("resolved on"), null=True, blank=True)
    aggravates = models.CharField(_("what makes it worse"), max_length=120, blank=True)
    eases = models.CharField(_("what eases it"), max_length=120, blank=True)
    wants = models.CharField(
        _("what I want"),
        max_length=120,
        blank=True,
        help_text=_("These three lines stand in every report about it that you share."),
    )
    note = models.CharField(_("notes"), max_length=5000, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ConditionQuerySet.as_manager()

    class Meta(NamedModel.Meta):
        ordering = ["name"]
        constraints = [
            *NamedModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["user", "name"],
                name="condition_name_is_unique_per_person",
                violation_error_message=_("You already have a condition of this name."),
            ),
            models.CheckConstraint(condition=~Q(name=""), name="condition_has_a_name"),
            models.CheckConstraint(
                condition=Q(usual_side__in=["", *UsualSide.values]),
                name="condition_usual_side_is_known",
            ),
            models.CheckConstraint(
                condition=Q(second_place="") | ~Q(first_place=""),
                name="condition_second_place_follows_a_first",
                violation_error_message=_("A second place needs a first one."),
            ),
            models.CheckConstraint(
                condition=Q(second_place="") | ~Q(second_place=F("first_place")),
                name="condition_places_differ",
                violation_error_message=_("The two places must be different ones."),
            ),
            models.CheckConstraint(
                condition=Q(since_on__gte=FIRST_DAY),
                name="condition_since_1900",
                violation_error_message=_("The date it began must be in 1900 or later."),
            ),
            models.CheckConstraint(
                condition=Q(resolved_on__gte=F("since_on")) | Q(since_on=None),
                name="condition_resolved_after_it_began",
                violation_error_message=_("It cannot have resolved before it began."),
            ),
            models.CheckConstraint(
                condition=Q(resolved_on__gte=FIRST_DAY),
                name="condition_resolved_since_1900",
                violation_error_message=_("The date it resolved must be in 1900 or later."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("conditions:detail", args=[self.pk])

    @property
    def places(self) -> Places:
        """Where it is rated, in words."""
        return Places.of(self.first_place, self.second_place)


class CauseKind(models.TextChoices):
    """What can press on or irritate the sciatic nerve."""

    PREGNANCY = "pregnancy", _("pregnancy")
    SLIPPED_DISC = "slipped_disc", _("slipped disc")
    SPONDYLOLISTHESIS = (
        "spondylolisthesis",
        _("spondylolisthesis (a vertebra slips forward over another)"),
    )
    STENOSIS = "stenosis", _("lumbar spinal stenosis")
    INJURY = "injury", _("back injury")
    SPASM = "spasm", _("muscle spasm in the back or buttocks")
    ABDOMINAL = "abdominal", _("weak or separated abdominal muscles")
    FLAT_FEET = "flat_feet", _("flat feet")
    EPIDURAL = "epidural", _("after an epidural")
    UNKNOWN = "unknown", _("unknown")
    OTHER = "other", _("other")


class Certainty(models.TextChoices):
    SUSPECTED = "suspected", _("suspected")
    DIAGNOSED = "diagnosed", _("diagnosed")


class Cause(OwnedModel):
    condition = models.ForeignKey(
        Condition,
        on_delete=models.CASCADE,
        related_name="causes",
        db_constraint=False,
        editable=False,
    )
    kind = models.CharField(_("cause"), max_length=20, choices=CauseKind)
    description = models.CharField(_("in your words"), max_length=120, blank=True)
    certainty = models.CharField(
        _("how sure"), max_length=9, choices=Certainty, default=Certainty.SUSPECTED
    )
    diagnosed_by = models.CharField(
        _("diagnosed by"), max_length=120, blank=True, help_text=_("For example: my GP, MRI scan.")
    )
    diagnosed_on = models.DateField(_("diagnosed on"), null=True, blank=True)

    class Meta(OwnedModel.Meta):
        ordering = ["condition_id", "kind", "id"]
        indexes = [models.Index(fields=["user", "condition"], name="cause_user_condition")]
        constraints = [
            *OwnedModel.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind__in=CauseKind.values), name="cause_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(certainty__in=Certainty.values), name="cause_certainty_is_known"
            ),
            models.CheckConstraint(
                condition=Q(certainty=Certainty.DIAGNOSED)
                | Q(diagnosed_by="", diagnosed_on__isnull=True),
                name="cause_suspected_has_no_diagnosis",
                violation_error_message=_(
                    "A suspected cause has no diagnosis yet: choose “diagnosed”, "
                    "or leave who and when empty."
                ),
            ),
            models.CheckConstraint(
                condition=Q(diagnosed_on__gte=FIRST_DAY),
                name="cause_diagnosed_since_1900",
                violation_error_message=_("The date of diagnosis must be in 1900 or later."),
            ),
        ]

    def __str__(self):
        return self.get_kind_display()
