"""Retiring and deleting what entries may hang on: conditions, treatments, activities.

Whatever has entries is retired (``archived_at``) and can come back; only the rest can be deleted.
What hangs on it is asked of the models' own relations, because the diary, which holds the
entries, builds on conditions and treatments and not the other way round.
"""

from datetime import datetime

from django.contrib import messages
from django.db import IntegrityError, models, transaction
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _


def current_and_retired(rows) -> dict[str, list]:
    """The two lists of a page, in the order of ``rows``."""
    rows = list(rows)
    return {
        "current": [row for row in rows if row.archived_at is None],
        "archived": [row for row in rows if row.archived_at is not None],
    }


def set_retired(row, at: datetime | None) -> None:
    """Retire the row from ``at`` on; None brings it back."""
    row.archived_at = at
    row.save(update_fields=["archived_at"])


def delete_page(request, row, template: str, *, then: str):
    """Ask, and delete it; 409 where entries hang on it: the page then offers to retire it."""
    if request.method == "POST" and delete_if_free(row):
        messages.success(request, _("“%(name)s” is deleted.") % {"name": row.name})
        return redirect(then)
    context = {row._meta.model_name: row, "has_entries": has_entries(row)}
    status = 409 if request.method == "POST" else 200
    return render(request, template, context, status=status)


def has_entries(row) -> bool:
    """Whether a row of the same person refers to this one and forbids that it goes."""
    return row.pk is not None and any(
        relation.related_model._base_manager.filter(
            **{"user": row.user_id, relation.field.name: row}
        ).exists()
        for relation in row._meta.get_fields(include_hidden=True)
        if getattr(relation, "on_delete", None) is models.RESTRICT and relation.auto_created
    )


def delete_if_free(row) -> bool:
    """Delete the row and what is part of it, unless entries hang on it."""
    try:
        with transaction.atomic():
            row.delete()
    except IntegrityError:
        # Django's RestrictedError, or the database's own refusal where an entry came in between.
        return False
    return True
