"""The whole diary as one HTML page that needs nothing else, as a stream of pieces.

For a person to read, in any browser and in many years: no script, no address of anything. Its
memory does not grow with the diary: a template draws at most ``ROWS`` entries at a time.
The e-mail address is left out, so that the file can be handed on.
"""

from collections.abc import Iterator
from heapq import merge
from itertools import groupby, islice
from pathlib import Path
from zoneinfo import ZoneInfo

from django.contrib.staticfiles import finders
from django.db.models import Prefetch
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language, override

from apps.comparisons.engine.stats import ARITHMETIC, METHOD
from apps.conditions.models import Cause, Condition
from apps.diary.models import (
    FUNCTION_ANCHORS,
    Activity,
    AgreedDay,
    Agreement,
    CheckIn,
    DayMeasure,
    Exercise,
    FunctionRating,
    TreatmentSession,
)
from apps.treatments.models import Treatment, TreatmentPeriod, TreatmentReview
from apps.users.models import User
from apps.your_data.html.answers import answers
from apps.your_data.html.drawing import drawings

FETCHED, ROWS = 2000, 200


def export_html(user: User) -> Iterator[bytes]:
    """The page in pieces, in the person's language or else in that of the moment of the call."""
    return _in_language(user, user.language or get_language())


def _in_language(user, language):
    """The language is set for each piece alone: between two of them others may be served."""
    pieces = _pieces(user, language)
    while True:
        with override(language):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece.encode()


def _pieces(user, language):
    yield format_html('<!doctype html>\n<html lang="{}">\n<head>\n', language)
    yield _part("head")
    yield f"<style>\n{_stylesheet()}</style>\n</head>\n<body>\n<main>\n"
    conditions = _conditions(user)
    at = timezone.now()
    yield _part("about", at=at.astimezone(ZoneInfo(user.time_zone)), user=user)
    yield _part("conditions", conditions=conditions)
    yield _part("treatments", treatments=_treatments(user), currency=user.currency)
    yield _part("drawings", drawings=drawings(user, conditions))
    said = answers(user, conditions, at=at) if conditions else ()
    yield _part("answers", answers=said, method=METHOD, arithmetic=ARITHMETIC)
    yield _part("entries")
    for entries in _months(user, {each.pk: each for each in conditions}):
        yield _part("month", entries=entries, month=entries[0].diary_date)
    yield from _function(user)
    for rows in _batches(DayMeasure.objects.for_user(user).iterator(chunk_size=FETCHED)):
        yield _part("measures", rows=rows)
    yield _part("how_to_read")
    yield "</main>\n</body>\n</html>\n"


def _part(name, **context):
    return render_to_string(f"your_data/html/{name}.html", context)


def _stylesheet():
    return Path(finders.find("css/archive.css")).read_text(encoding="utf-8")


def _conditions(user):
    causes = Prefetch("causes", Cause.objects.for_user(user))
    return list(Condition.objects.for_user(user).prefetch_related(causes))


def _treatments(user):
    periods = Prefetch("periods", TreatmentPeriod.objects.for_user(user))
    reviews = Prefetch("reviews", TreatmentReview.objects.for_user(user))
    agreements = Prefetch("agreements", Agreement.objects.for_user(user).order_by("agreed_on"))
    parts = (
        Prefetch("agreements__exercises", Exercise.objects.for_user(user)),
        Prefetch("agreements__days", AgreedDay.objects.for_user(user)),
    )
    own = Treatment.objects.for_user(user)
    return list(own.prefetch_related(periods, reviews, agreements, *parts))


def _months(user, conditions):
    """Entries of one month each, at most ``ROWS`` together, from the first to the last."""
    for _month, entries in groupby(_entries(user), lambda entry: entry.diary_date.replace(day=1)):
        yield from _batches(_named(entries, conditions))


def _named(entries, conditions):
    for entry in entries:
        # A condition may be newer than the list of them.
        entry.condition = conditions.get(entry.condition_id) or Condition(pk=entry.condition_id)
        entry.condition_name = entry.condition.name
        if entry.is_session and entry.after_rated_at:
            seconds = (entry.after_rated_at - entry.started_at).total_seconds()
            entry.minutes_until_after = int(seconds // 60)
        yield entry


def _entries(user):
    """Check-ins and sessions together, by their days and moments."""
    check_ins = CheckIn.objects.for_user(user).order_by("diary_date", "rated_at", "id")
    sessions = TreatmentSession.objects.for_user(user).with_names()
    sessions = sessions.order_by("diary_date", "started_at", "id")
    streams = (each.iterator(chunk_size=FETCHED) for each in (check_ins, sessions))
    return merge(*streams, key=lambda entry: (entry.diary_date, entry.at))


def _function(user):
    activities = list(Activity.objects.for_user(user).select_related("condition"))
    yield _part("activities", activities=activities, anchors=FUNCTION_ANCHORS)
    ratings = FunctionRating.objects.for_user(user).order_by("diary_date", "activity_id")
    names = {activity.pk: activity.name for activity in activities}
    for batch in _batches(ratings.iterator(chunk_size=FETCHED)):
        rows = [(rating, names.get(rating.activity_id, "")) for rating in batch]
        yield _part("function", rows=rows)


def _batches(rows):
    rows = iter(rows)
    while batch := list(islice(rows, ROWS)):
        yield batch
