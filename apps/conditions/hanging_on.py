"""Whether a condition or a treatment can be deleted: only while nothing hangs on it.

Asked of the models' own relations, because the diary, which holds the entries, builds on
conditions and treatments and not the other way round.
"""

from django.db import IntegrityError, models, transaction


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
