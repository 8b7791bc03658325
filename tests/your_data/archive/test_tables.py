"""The complete JSON file holds every field of every table of the person, or says why not."""

import json
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import ForeignKey

from apps.users.models import User
from apps.your_data.archive import tables
from apps.your_data.archive.values import read_value
from apps.your_data.archive.write import export_archive
from apps.your_data.table.rules import rules_of
from tests.factories import (
    NOON,
    CauseFactory,
    CheckInFactory,
    TreatmentFactory,
    TreatmentSessionFactory,
    UserFactory,
)

SECRET_WORDS = ("secret", "hash", "token", "password", "digest", "private", "session_key")
NOT_SECRET = {"diary.WaitPlan.seed"}


def exported(user):
    return json.loads(b"".join(export_archive(user)))


def labels(models):
    return {model._meta.label for model in models}


def test_every_table_is_exported_or_left_out_with_a_reason():
    all_tables = labels(apps.get_models(include_auto_created=True)) - {"users.User"}
    assert set(tables.tables()) | set(tables.TABLES_LEFT_OUT) == all_tables
    assert set(tables.tables()) & set(tables.TABLES_LEFT_OUT) == set()
    assert all(tables.TABLES_LEFT_OUT.values())


def test_every_field_is_exported_or_left_out_with_a_reason(alice):
    """Counted from the models again: a field that nobody thought of fails here."""
    document = exported(alice)
    for model in [User, *tables.tables().values()]:
        label = model._meta.label
        fields = {
            field.name
            for field in model._meta.concrete_fields
            if not field.primary_key and field.name != "user"
        }
        left_out = {name for name in fields if tables.FIELDS_LEFT_OUT.get(f"{label}.{name}")}
        written = (
            set(document["person"])
            if model is User
            else {field.name for field in tables.fields_of(model)}
        )
        assert written == fields - left_out, label


def test_each_reason_is_for_a_field_that_there_is():
    known = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
    }
    assert set(tables.FIELDS_LEFT_OUT) - known == set()
    assert set(tables.NOT_BROUGHT_BACK) - set(tables.tables()) == set()


def test_many_to_many_fields_are_tables_of_their_own():
    through = [
        field.remote_field.through
        for model in tables.tables().values()
        for field in model._meta.many_to_many
    ]
    assert labels(through) - set(tables.tables()) == set()


def test_no_field_with_the_name_of_a_secret_is_exported():
    suspicious = {
        f"{model._meta.label}.{field.name}"
        for model in [User, *tables.tables().values()]
        for field in model._meta.concrete_fields
        if any(word in field.name for word in SECRET_WORDS)
    }
    assert suspicious - set(tables.FIELDS_LEFT_OUT) - NOT_SECRET == set()


def test_tables_come_after_those_that_they_refer_to():
    order = list(tables.tables().values())
    for model in order:
        parents = tables.parents_of(model)
        assert parents <= set(order[: order.index(model)]), model


def test_import_decides_about_every_field_of_the_account():
    fields = {
        field.name
        for field in User._meta.concrete_fields
        if not field.primary_key and f"users.User.{field.name}" not in tables.FIELDS_LEFT_OUT
    }
    assert fields == {*tables.PREFERENCES, *tables.ACCOUNT_FIELDS}


def is_readable(field):
    """Whether the import knows this kind of field: a thing of no kind is then refused in words."""
    try:
        read_value(field, object())
    except ValidationError:
        return True
    except TypeError:
        return False
    return True


def test_import_can_read_every_field_and_ask_every_rule():
    """A new kind of field or of rule has to be taught first."""
    fields = [
        field
        for model in tables.brought_back().values()
        for field in tables.fields_of(model)
        if not isinstance(field, ForeignKey)
    ]
    assert [str(field) for field in fields if not is_readable(field)] == []
    assert all(isinstance(rules_of(model), tuple) for model in tables.brought_back().values())


def test_rows_refer_to_one_another_by_their_place(alice, charlie):
    CheckInFactory(user=charlie)
    mat = TreatmentFactory(user=alice, upfront_cost=Decimal("24.90"))
    session = TreatmentSessionFactory(user=alice, treatments=[mat], entered_at=NOON)
    CauseFactory(user=alice, condition=session.condition)
    tables = exported(alice)["tables"]
    assert tables["diary.SessionTreatment"] == [{"session": 1, "treatment": 1}]
    assert tables["treatments.Treatment"][0]["upfront_cost"] == "24.90"
    assert tables["conditions.Cause"][0]["condition"] == 1
    assert tables["diary.TreatmentSession"][0]["id"] == 1
    assert tables["diary.TreatmentSession"][0]["entered_at"] == "2026-03-10T12:00:00+00:00"
    assert tables["diary.CheckIn"] == []


def test_file_holds_nothing_of_anybody_else_and_no_password(alice):
    other = UserFactory(email="other@example.com")
    CheckInFactory(user=other, note="a secret of theirs")
    text = b"".join(export_archive(alice)).decode()
    assert "theirs" not in text
    assert "other@" not in text
    assert "argon2" not in text
    assert exported(alice)["person"]["email"] == "alice@example.com"


@pytest.mark.parametrize("entries", [1, 3])
def test_export_asks_the_same_number_of_queries(alice, entries, django_assert_num_queries):
    for number in range(entries):
        mat = TreatmentFactory(user=alice, name=f"Mat {number}")
        TreatmentSessionFactory(user=alice, treatments=[mat])
        CheckInFactory(user=alice)
    parents = [
        model
        for model in tables.tables().values()
        if any(model in tables.parents_of(other) for other in tables.tables().values())
    ]
    with_rows = {"Condition", "Treatment", "TreatmentSession"} & {m.__name__ for m in parents}
    of_seals = 1  # those of running self-tests are not stored
    with django_assert_num_queries(len(tables.tables()) + len(with_rows) + of_seals):
        b"".join(export_archive(alice))
