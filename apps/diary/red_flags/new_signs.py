"""What a diary notes for the first time, and what may mean that a nerve is getting worse.

Numbness, weakness, pain below the knee, both legs: pain can fall while these begin, so they are
told beside it. Counts of what was written, no diagnosis; a day that does not answer counts for
neither.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    Max,
    OuterRef,
    Q,
    Subquery,
    TextChoices,
)
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from apps.conditions.models import Condition, Side
from apps.diary.models import CheckIn, Furthest, RedFlagReview, Symptom, TreatmentSession
from config.postgres.compiled import compiled

NEW_FOR = timedelta(days=14)
BELOW_THE_KNEE = frozenset({Furthest.CALF, Furthest.FOOT})
SIDES = frozenset({Side.LEFT, Side.RIGHT, Side.BOTH})


class Sign(TextChoices):
    NUMBNESS = "numbness", _lazy("numbness")
    WEAKNESS = "weakness", _lazy("weakness")
    BELOW_THE_KNEE = "below_knee", _lazy("pain below the knee")
    BOTH_LEGS = "both_legs", _lazy("both legs")


NOTED = {
    Sign.NUMBNESS: Q(symptoms__contains=[Symptom.NUMBNESS]),
    Sign.WEAKNESS: Q(symptoms__contains=[Symptom.WEAKNESS]),
    Sign.BELOW_THE_KNEE: Q(furthest__in=BELOW_THE_KNEE),
    Sign.BOTH_LEGS: Q(side=Side.BOTH),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What one entry says of the signs: which it ``noted``, of those that it ``answered``.

    ``stored_at`` is when it came into the diary, whatever moment it is about.
    """

    day: date
    stored_at: datetime
    noted: frozenset
    answered: frozenset

    @classmethod
    def of(cls, day, stored_at, *, symptoms=(), furthest="", side="") -> "Answer":
        said = {Sign(each) for each in symptoms if each in Sign.values}
        answered = {Sign.NUMBNESS, Sign.WEAKNESS} if symptoms else set()
        if furthest:
            answered.add(Sign.BELOW_THE_KNEE)
            said |= {Sign.BELOW_THE_KNEE} if furthest in BELOW_THE_KNEE else set()
        if side in SIDES:
            answered.add(Sign.BOTH_LEGS)
            said |= {Sign.BOTH_LEGS} if side == Side.BOTH else set()
        return cls(day, stored_at, frozenset(said), frozenset(answered))


@dataclass(frozen=True, slots=True)
class NewSign:
    """Noted on ``days`` of the ``answered`` days since ``since``, first on ``first_day``."""

    sign: Sign
    first_day: date
    days: int
    answered: int
    stored_at: datetime

    @property
    def in_words(self) -> str:
        """ "Numbness: on 3 of 5 days answered, first on 9 Mar" """
        text = ngettext(
            "%(sign)s: on %(n)s of %(all)s day answered, first on %(day)s",
            "%(sign)s: on %(n)s of %(all)s days answered, first on %(day)s",
            self.answered,
        )
        day = date_format(self.first_day, "SHORT_MONTH_DAY_FORMAT")
        name = capfirst(str(self.sign.label))
        return text % {"sign": name, "n": self.days, "all": self.answered, "day": day}


def watched_in(condition: Condition) -> set[Sign]:
    """Both legs are nothing new where they are usual, and both shoulders are no legs."""
    is_of_legs = condition.places.is_from_the_back_down and condition.usual_side != Side.BOTH
    return set(Sign) - (set() if is_of_legs else {Sign.BOTH_LEGS})


def new_signs(
    answers: Iterable[Answer],
    *,
    since: date,
    watched: Collection[Sign],
    known: Collection[Sign] = (),
    begins: date | None,
) -> list[NewSign]:
    """Those noted from ``since`` on and never before, in the order of ``Sign``.

    ``known`` are signs that were noted before the ``answers`` begin. What the first day of the
    diary says, ``begins``, is nothing new.
    """
    answers = list(answers)
    known = set(known).union(*(each.noted for each in answers if each.day < since))
    late = [each for each in answers if each.day >= since]
    found = [_new(sign, late) for sign in Sign if sign in watched and sign not in known]
    return [each for each in found if each and begins and begins < each.first_day]


def _new(sign: Sign, answers: list[Answer]) -> NewSign | None:
    noted = [each for each in answers if sign in each.noted]
    if not noted:
        return None
    return NewSign(
        sign=sign,
        first_day=min(each.day for each in noted),
        days=len({each.day for each in noted}),
        answered=len({each.day for each in answers if sign in each.answered}),
        stored_at=min(each.stored_at for each in noted),
    )


def since_of(last_day: date) -> date:
    """The first of the 14 days that end with ``last_day``."""
    return last_day - NEW_FOR + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class NewToOwner:
    """What is new in one condition, for its owner; ``begins`` None: nothing is new yet."""

    condition: Condition
    signs: list[NewSign]


def new_to_owner(user, conditions, check_ins, sessions, day: date) -> list[NewToOwner]:
    """Of every condition what is new on ``day`` and nobody has looked at.

    Of rows that Today has read already, so that an ordinary day costs no query: only where the
    last 14 days note a sign is the diary before them asked about it, in three queries at most.
    """
    since = since_of(day)
    answers = _answers_by_condition(check_ins, sessions, since)
    own = {each.pk: each for each in conditions}
    noted = {
        pk: frozenset().union(*(each.noted for each in said)) & watched_in(own[pk])
        for pk, said in answers.items()
        if pk in own
    }
    asked = [pk for pk, signs in noted.items() if signs]
    if not asked:
        return []
    before = _before(user, since, frozenset().union(*noted.values()))
    found = [
        NewToOwner(
            own[pk],
            new_signs(
                answers[pk],
                since=since,
                watched=noted[pk],
                known=before[pk][1],
                begins=before[pk][0] or min(each.day for each in answers[pk]),
            ),
        )
        for pk in asked
    ]
    return _not_looked_at(user, [each for each in found if each.signs])


def _answers_by_condition(check_ins, sessions, since: date) -> dict[int, list[Answer]]:
    """Every entry counts, also one that answers nothing: the diary had begun by then."""
    found: dict[int, list[Answer]] = {}
    for row in check_ins:
        said = {"symptoms": row.symptoms, "furthest": row.furthest, "side": row.side_again}
        answer = Answer.of(row.diary_date, row.created_at, **said)
        found.setdefault(row.condition_id, []).append(answer)
    for row in sessions:
        answer = Answer.of(row.diary_date, row.created_at, side=row.side_again)
        found.setdefault(row.condition_id, []).append(answer)
    return {pk: [each for each in answers if each.day >= since] for pk, answers in found.items()}


def _before(user, since: date, signs: Collection[Sign]) -> dict[int, tuple[date | None, set[Sign]]]:
    """Of each condition a day before ``since`` with an entry, or None, and which of ``signs`` were
    noted by then. One query: for a sign that was never noted it looks at all there is.
    """
    asked = {sign.value: sign in signs for sign in Sign}
    rows = _noted_before(user=user.pk, since=since, **asked)
    return {row["pk"]: (row["day"], {sign for sign in signs if row[sign.value]}) for row in rows}


@compiled
def _noted_before(
    *, user: int, since: date, numbness: bool, weakness: bool, below_knee: bool, both_legs: bool
):
    """One entry that notes a sign is enough: all are looked at only for a sign that is new."""
    asked = dict(zip(Sign, (numbness, weakness, below_knee, both_legs), strict=True))

    def own(model):
        return model.objects.for_user(user).filter(condition=OuterRef("pk"), diary_date__lt=since)

    noted = {s.value: Q(Exists(own(CheckIn).filter(NOTED[s]))) for s in Sign if asked[s]}
    if both_legs:
        noted[Sign.BOTH_LEGS] |= Q(Exists(own(TreatmentSession).filter(NOTED[Sign.BOTH_LEGS])))
    days = [
        Subquery(own(model).order_by("-diary_date").values("diary_date")[:1])
        for model in (CheckIn, TreatmentSession)
    ]
    wrapped = {name: ExpressionWrapper(says, BooleanField()) for name, says in noted.items()}
    conditions = Condition.objects.for_user(user).order_by()
    return conditions.annotate(day=Coalesce(*days), **wrapped).values("pk", "day", *wrapped)


def _not_looked_at(user, found: list[NewToOwner]) -> list[NewToOwner]:
    """Without what a doctor has looked at, says the diary, since it was first written down."""
    if not found:
        return []
    seen_at = RedFlagReview.objects.for_user(user).aggregate(at=Max("seen_at"))["at"]
    if seen_at is None:
        return found
    open_ones = [
        NewToOwner(each.condition, [sign for sign in each.signs if sign.stored_at > seen_at])
        for each in found
    ]
    return [each for each in open_ones if each.signs]
