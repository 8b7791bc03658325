"""What a session's rating gives back at once: the person's own waits from the same start."""

from django.template.loader import render_to_string

from apps.comparisons.answers import progress
from apps.comparisons.charts import one_session
from apps.comparisons.progress import nearest, why_not_compared
from apps.comparisons.reading import pairs
from apps.comparisons.reading.results import comparison_of
from apps.comparisons.reading.waits_alike import waits_alike
from apps.diary.models import TreatmentSession
from apps.diary.self_tests.sealing import sealed_names

MOST_PIPS = 12


def beside_waiting(session) -> str:
    """The part of the page that answers a rating."""
    return render_to_string("comparisons/_beside_waiting.html", beside(session))


def beside(session) -> dict:
    """The waits alike and their drawing; without any, what the diary still needs.

    Nothing of either while a planned self-test of what was done is running: it is sealed.
    """
    names = list(session.treatments.values_list("name", flat=True))
    said = {"entry": session, "names": names, "why_not": why_not_compared(session)}
    if is_sealed(session, names):
        return said | {"is_sealed": True}
    alike = waits_alike(session)
    if alike is None:
        return said | {"needs": needs(session, names)}
    waited = alike.before, alike.after
    lines = one_session.drawing(session.pain_before, session.pain_after, waited)
    return said | {"alike": alike, "lines": lines}


def is_sealed(session, names) -> bool:
    """Whether a self-test that still runs asks about what was done, or drew this session."""
    asked_about = sealed_names(session.user, session.condition).intersection(names)
    own = TreatmentSession.objects.for_user(session.user).filter(pk=session.pk)
    return bool(asked_about) or own.filter(pairs.is_sealed(session.user)).exists()


def needs(session, names) -> list[dict]:
    """Sessions and waits so far, each of about how many; for a wait the waits alone."""
    findings = comparison_of(session.user, session.condition)
    found = nearest([each for each in findings if not names or each.treatment in names])
    kinds = progress(found) if found else []
    return [kind | {"pips": pips(**kind)} for kind in (kinds if names else kinds[1:])]


def pips(done: int, all: int, **_named) -> list[bool]:
    """One for each that is needed, True for those there are; none where they would be many, or
    where there are enough."""
    return [n < done for n in range(all)] if done < all <= MOST_PIPS else []
