"""The entries one by one, as far as the owner ticked them: the latest first."""

from itertools import chain

from django.db.models import BooleanField, ExpressionWrapper
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from apps.comparisons.reading import pairs
from apps.comparisons.reading.spans import in_words
from apps.diary.models import CheckIn, Symptom, TreatmentSession
from apps.sharing.models import Section
from apps.sharing.report.scope import Scope

MOST_LISTED = 500
MOST_SIDE_EFFECTS = 12


def sessions(scope: Scope, n: int) -> dict:
    """At most 500 of ``n``. One query. What a running self-test seals is without its end."""
    is_sealed = ExpressionWrapper(pairs.is_sealed(scope.user), output_field=BooleanField())
    entries = scope.listed_sessions().with_names().annotate(is_sealed=is_sealed)[:MOST_LISTED]
    return _rows([_session(entry, scope) for entry in entries], n)


def check_ins(scope: Scope, n: int) -> dict:
    """At most 500 of ``n``. One query."""
    entries = scope.listed_check_ins()[:MOST_LISTED]
    return _rows([_check_in(entry, scope) for entry in entries], n)


def side_effects(scope: Scope) -> list:
    """The latest 12 that were written down, of both kinds. Two queries."""
    found = (
        entries.exclude(adverse_effect="")[:MOST_SIDE_EFFECTS]
        for entries in (scope.check_ins(), scope.sessions())
    )
    order = sorted(chain(*found), key=lambda entry: (entry.diary_date, entry.at), reverse=True)
    return order[:MOST_SIDE_EFFECTS]


def _rows(rows: list[dict], n: int) -> dict:
    return {"rows": rows, "n": n, "is_cut": n > len(rows)}


def _session(entry: TreatmentSession, scope: Scope) -> dict:
    said = [
        entry.get_position_display(),
        _("asked to wait by coin flip") if entry.asked_by_app else "",
        _("rated again late: not compared") if entry.is_after_late else "",
        _("something else in between: not compared") if entry.had_something_else else "",
        _("of a self-test that is running: sealed until its end") if entry.is_sealed else "",
    ]
    return {
        "when": when(entry),
        "what": " + ".join(entry.names) or _("Wait and see"),
        "entry": entry,
        "after": None if entry.is_sealed else entry.pain_after,
        "remarks": remarks(entry, scope, said),
    }


def _check_in(entry: CheckIn, scope: Scope) -> dict:
    symptoms = ", ".join(str(Symptom(symptom).label) for symptom in entry.symptoms)
    return {
        "when": when(entry),
        "pains": [
            (p, getattr(entry, scale)) for scale, p in scope.condition.places.by_scale.items()
        ],
        "symptoms": symptoms,
        "entry": entry,
        "remarks": remarks(entry, scope, []),
    }


def when(entry) -> str:
    """Day and clock time as the person had them, not as they are where the reader is."""
    return f"{in_words([entry.diary_date])[0]}, {time_format(entry.local_at.time())}"


def remarks(entry, scope: Scope, said: list[str]) -> str:
    """What is known beside the numbers; texts only as far as they are shared."""
    said = [*said, _("from memory") if entry.is_from_memory else ""]
    if scope.shows(Section.SIDE_EFFECTS) and entry.adverse_effect:
        said.append(_("side effect: %(said)s") % {"said": entry.adverse_effect})
    if scope.shows(Section.NOTES):
        said.append(entry.note)
    return "; ".join(map(str, filter(None, said)))
