"""What a link lets its reader see: the one object that all queries of the report go through."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from apps.comparisons.reading.bounds import bounds_of, with_ends
from apps.conditions.models import Cause, Condition
from apps.diary.models import Agreement, CheckIn, FunctionRating, TreatmentSession
from apps.sharing.models import Section, ShareLink
from apps.users.models import User

MONTHS_SHOWN = 3
WORDS = {"note": Section.NOTES, "adverse_effect": Section.SIDE_EFFECTS}


@dataclass(frozen=True, slots=True)
class Scope:
    """One condition of one diary, from ``first_day`` to ``last_day``, both included.

    Made from a link, saved or not yet. Entries are asked of its methods, which have the limits
    in them; comparisons and charts take its condition and ``limits``. Texts that are not shared
    are not read from the database either.
    ``whose`` is the name or the initials that the owner has given, or empty.
    ``made_on`` is the day on which the link was made; all days are in the owner's zone.
    """

    user: User
    condition: Condition
    first_day: date
    last_day: date
    sections: frozenset[str]
    for_whom: str
    made_on: date
    whose: str = ""

    @classmethod
    def of(cls, link: ShareLink, *, at: datetime) -> "Scope":
        """What ``link`` shows at this moment; a moving range ends today."""
        today = at.astimezone(link.user.zone).date()
        return cls(
            user=link.user,
            condition=link.condition,
            first_day=link.first_day or months_before(today, MONTHS_SHOWN) + timedelta(days=1),
            last_day=link.last_day or today,
            sections=frozenset(link.sections),
            for_whom=link.for_whom,
            made_on=link.created_at.astimezone(link.user.zone).date(),
            whose=link.whose,
        )

    def shows(self, section: Section) -> bool:
        return section in self.sections

    @property
    def limits(self) -> dict:
        """The range of days, as the comparisons and the diary's querysets take it."""
        return {"first_day": self.first_day, "last_day": self.last_day}

    def check_ins(self):
        """Every check-in of the condition in the range, for counting and drawing."""
        return self._entries(CheckIn)

    def sessions(self):
        """Every session and wait of the condition in the range, for counting and drawing."""
        return self._entries(TreatmentSession)

    def listed_check_ins(self):
        """The check-ins to be listed one by one: none unless that is shared."""
        entries = self.check_ins()
        return entries if self.shows(Section.CHECK_INS) else entries.none()

    def listed_sessions(self):
        """The sessions to be listed one by one: none unless that is shared."""
        entries = self.sessions()
        return entries if self.shows(Section.SESSIONS) else entries.none()

    def function_ratings(self):
        """How well the person's own activities went, in the range."""
        ratings = FunctionRating.objects.for_user(self.user).filter(
            activity__condition=self.condition
        )
        return ratings.filter(diary_date__range=(self.first_day, self.last_day))

    def agreements(self):
        """What was agreed until the last day, with its exercises: the latest first."""
        own = Agreement.objects.for_user(self.user).filter(condition=self.condition)
        return own.begun(self.last_day).select_related("treatment").prefetch_related("exercises")

    def goes_back_to(self) -> date | None:
        """The first day of the whole diary of the condition, where it lies before the range.

        The one thing that is told from outside it. One query.
        """
        own = Condition.objects.for_user(self.user).filter(pk=self.condition.pk)
        bounds = bounds_of(with_ends(own.only("pk"), self.user).get())
        return bounds[0] if bounds and bounds[0] < self.first_day else None

    def causes(self):
        return Cause.objects.for_user(self.user).filter(condition=self.condition)

    def _entries(self, model):
        hidden = [field for field, section in WORDS.items() if not self.shows(section)]
        entries = model.objects.for_user(self.user)
        return entries.filtered(condition=self.condition, **self.limits).defer(*hidden)


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or that month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
