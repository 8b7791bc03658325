"""How it is at a moment, with nothing done about it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, F, Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from apps.conditions.models import Condition, Side
from apps.conditions.nrs import NrsField, nrs_constraint
from apps.conditions.places import SCALES, Places, Rated
from apps.diary.models.entries import (
    FROM_MEMORY_AFTER,
    Entry,
    EntryQuerySet,
    typed_from_memory,
)
from apps.diary.models.red_flags import RedFlag, is_open
from apps.diary.models.symptoms import Symptom
from config.web.addresses import address_of

BESIDES = ("sleep", "energy", "stress", "headache", "muscle_tension")
LONGEST_MEDICINE, MOST_MEDICINES = 60, 8
# ``CheckIn.is_from_memory`` as the database asks it.
IS_CHECKIN_FROM_MEMORY = Q(entered_at__gt=F("rated_at") + FROM_MEMORY_AFTER)


class Furthest(models.TextChoices):
    """How far down the leg it reaches, from the top."""

    LOWER_BACK = "lower_back", _lazy("lower back")
    BUTTOCK = "buttock", _lazy("buttock")
    THIGH = "thigh", _lazy("thigh")
    CALF = "calf", _lazy("calf")
    FOOT = "foot", _lazy("foot")


class CheckInQuerySet(EntryQuerySet):
    def with_open_red_flags(self, *, at):
        """Those with a red flag of the last 14 days that nobody has looked at, the latest first."""
        return self.filter(is_open(at)).order_by("-red_flags_ticked_at", "-id")

    def counted_by_scale(self, condition) -> dict[str, int]:
        """How many ratings of this condition each scale has. One query."""
        own = self.for_user(condition.user_id).filter(condition=condition)
        return own.aggregate(**{scale: Count(scale) for scale in SCALES})


class CheckIn(Entry):
    """How it is at a moment, with nothing done about it.

    ``red_flags_ticked_at`` is when a red flag was last ticked here, whatever moment the
    check-in is about; in an imported file, which does not say, it is that moment.
    """

    is_session = False
    pains_then = SCALES
    further_fields = (
        "red_flags",
        "furthest",
        "symptoms",
        "painkillers",
        "medicines",
        "sleep",
        "energy",
        "stress",
        "headache",
        "muscle_tension",
        "adverse_effect",
        "note",
    )

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
    medicines = ArrayField(
        models.CharField(max_length=LONGEST_MEDICINE),
        verbose_name=_lazy("which painkillers"),
        size=MOST_MEDICINES,
        default=list,
        blank=True,
    )
    red_flags = ArrayField(
        models.CharField(max_length=15, choices=RedFlag),
        verbose_name=_lazy("signs that need urgent care"),
        default=list,
        blank=True,
    )
    red_flags_ticked_at = models.DateTimeField(null=True, editable=False)

    objects = CheckInQuerySet.as_manager()

    class Meta(Entry.Meta):
        ordering = ["-diary_date", "-rated_at", "-id"]
        indexes = [
            models.Index(fields=["user", "diary_date", "rated_at"], name="checkin_user_day"),
            models.Index(
                fields=["user", "condition", "diary_date", "rated_at"], name="checkin_condition_day"
            ),
            models.Index(
                fields=["user", "red_flags_ticked_at"],
                condition=Q(red_flags_ticked_at__isnull=False),
                name="checkin_user_red_flags",
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
            models.CheckConstraint(
                condition=Q(red_flags__contained_by=RedFlag.values),
                name="checkin_red_flags_are_known",
            ),
            models.CheckConstraint(
                condition=Q(red_flags=[], red_flags_ticked_at=None)
                | (~Q(red_flags=[]) & Q(red_flags_ticked_at__isnull=False)),
                name="checkin_red_flags_say_when_ticked",
            ),
            models.CheckConstraint(
                condition=Q(medicines=[]) | Q(painkillers__isnull=False, painkillers=True),
                name="checkin_medicines_are_of_a_painkiller_day",
                violation_error_message=_lazy(
                    "Painkillers are named: say yes to painkillers, or name none."
                ),
            ),
        ]

    def __str__(self):
        return f"check-in, {self.diary_date}"

    def get_absolute_url(self):
        return address_of("diary:checkin_edit", self.pk)

    @property
    def at(self):
        return self.rated_at

    @property
    def red_flag_names(self) -> list:
        """What was ticked, in short words and always in the same order."""
        return [flag.short for flag in RedFlag if flag in self.red_flags]

    @property
    def places(self) -> Places:
        """Where its condition is rated; as usual for an entry that has none yet."""
        try:
            return self.condition.places
        except Condition.DoesNotExist:
            return Places.of()

    @property
    def by_place(self) -> list[tuple[Rated, int | None]]:
        """Each place of the condition with its rating, None where it was not rated."""
        return [(place, getattr(self, scale)) for scale, place in self.places.by_scale.items()]

    @property
    def worse_pain(self) -> int | None:
        """The higher of both pains; None where neither was rated."""
        rated = [pain for pain in (self.leg_pain, self.back_pain) if pain is not None]
        return max(rated, default=None)

    @property
    def is_painless(self) -> bool:
        """Every place is rated, and every rating is 0."""
        return all(pain == 0 for _place, pain in self.by_place)

    @property
    def is_from_memory(self) -> bool:
        return typed_from_memory(self.rated_at, self.entered_at)

    def keep_when_ticked(self, *, before, at) -> None:
        """Note that red flags which were not there ``before`` were ticked at that instant."""
        if not self.red_flags:
            self.red_flags_ticked_at = None
        elif self.red_flags_ticked_at is None or set(self.red_flags) - set(before):
            self.red_flags_ticked_at = at

    def summary(self) -> str:
        """What was rated, in a few words: the pain, or else what was answered besides."""
        return self._joined(self._pain_in_words() or self._besides_in_words())

    def everything_in_words(self) -> str:
        """All that was answered, but for the note."""
        return self._joined([*self._pain_in_words(), *self._besides_in_words()])

    def _joined(self, said):
        return capfirst(", ".join(said)) or _("A note.")

    def _pain_in_words(self):
        rated = [f"{place.pain} {pain}" for place, pain in self.by_place if pain is not None]
        said = [capfirst(", ".join(rated))] if rated else []
        sides = [self.get_side_display()] if self.side else []
        if self.is_painless:
            said, sides = [_("No pain")], sides if self.side != Side.NEITHER else []
        flags = [str(flag) for flag in self.red_flag_names]
        return [*said, *flags, *sides]

    def _besides_in_words(self):
        field = self._meta.get_field
        rated = [(field(name), getattr(self, name)) for name in BESIDES]
        said = [f"{each.verbose_name} {rating}" for each, rating in rated if rating is not None]
        symptoms = [str(Symptom(name).label) for name in self.symptoms]
        reach = [self.get_furthest_display()] if self.furthest else []
        if self.painkillers is not None:
            answer = _("yes") if self.painkillers else _("no")
            said.append(f"{field('painkillers').verbose_name}: {answer}")
        return [*symptoms, *reach, *said]
