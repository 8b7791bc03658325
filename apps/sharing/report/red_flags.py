"""Red flags ticked in the range: each with its days, and whether somebody has looked at it."""

from django.db.models import OuterRef, Subquery

from apps.diary.models import RedFlag, RedFlagReview

# The other two have a daily question of their own, whose answers the report counts.
ASKED_NOWHERE_ELSE = (
    RedFlag.SADDLE_NUMBNESS,
    RedFlag.BLADDER,
    RedFlag.BOWEL,
    RedFlag.SEXUAL,
)


def red_flags(check_ins) -> list[dict]:
    """One per sign, in the order of their words. One query.

    ``days`` on which it was ticked, the latest first; ``seen_at`` the moment from which all of
    it counts as looked at by somebody with the training, None while any of it does not.
    """
    reviews = RedFlagReview.objects.filter(
        user=OuterRef("user"), seen_at__gte=OuterRef("red_flags_ticked_at")
    )
    seen_at = Subquery(reviews.order_by("seen_at").values("seen_at")[:1])
    ticked = check_ins.exclude(red_flags=[]).annotate(seen_at=seen_at)
    rows = list(ticked.values_list("red_flags", "diary_date", "seen_at"))
    return [_sign(flag, rows) for flag in RedFlag if any(flag in row[0] for row in rows)]


def not_ticked(flags: list[dict]) -> list:
    """The signs of the bladder, the bowels and between the legs that none of these names.

    The diary stores ticks alone, no "no": whether they were asked and denied it cannot say.
    """
    named = {sign["name"] for sign in flags}
    return [flag.short for flag in ASKED_NOWHERE_ELSE if flag.label not in named]


def _sign(flag: RedFlag, rows: list[tuple]) -> dict:
    own = [row for row in rows if flag in row[0]]
    seen = [seen_at for _flags, _day, seen_at in own]
    days = sorted({day for _flags, day, _seen_at in own}, reverse=True)
    return {"name": flag.label, "days": days, "seen_at": None if None in seen else max(seen)}
