"""Rows that come by COPY: as they were given, and refused by every rule that refuses others."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from apps.diary.models import CheckIn, Revision, SessionTreatment, Symptom
from apps.treatments.models import Treatment
from config.postgres import acting, roles
from config.postgres.copying import MANY, copy_rows, store_rows
from config.postgres.roles import WEB
from tests.factories import NOON, CheckInFactory, ConditionFactory, TreatmentFactory

ODD = "a\tb\\N\r\nc \\. “d” {e,NULL}"


def check_in(user, number=0, **fields):
    fields = {"condition": ConditionFactory(user=user), "leg_pain": 4} | fields
    at = NOON + timedelta(hours=number)
    return CheckInFactory.build(**{"user": user, "rated_at": at, "diary_date": at.date()} | fields)


def stored(model=CheckIn):
    hidden = {"id", "client_id", "created_at"}
    names = [field.attname for field in model._meta.concrete_fields if field.name not in hidden]
    return list(model.objects.order_by("pk").values(*names))


def test_rows_are_stored_as_in_any_other_way(alice):
    def some():
        yield check_in(alice, 0, note=ODD, symptoms=[Symptom.NUMBNESS], back_pain=0)
        yield check_in(alice, 1, note="NULL", leg_pain=None, painkillers=False)

    CheckIn.objects.bulk_create(some())
    expected = stored()
    CheckIn.objects.all().delete()
    rows = copy_rows(list(some()))
    assert stored() == expected
    assert [row.pk for row in rows] == list(
        CheckIn.objects.order_by("pk").values_list("pk", flat=True)
    )
    assert not any(row._state.adding for row in rows)
    (named,) = copy_rows([Treatment(user=alice, name="Ice  pack", kind="other")])
    assert Treatment.objects.get(pk=named.pk).name_as_seen == "ice pack"


def test_diary_counts_them_as_one_change(alice):
    rows = [check_in(alice, number) for number in range(MANY)]
    before = Revision.number_of(alice)
    store_rows(rows)
    assert Revision.number_of(alice) == before + 1


def refusal(store, rows):
    def stored_at_once():
        with transaction.atomic():
            store(rows)
            connection.check_constraints()  # keys are asked at the end

    with pytest.raises(IntegrityError) as refused:
        stored_at_once()
    return refused.value.__cause__.diag.constraint_name


def test_rules_and_keys_refuse_all_of_them(alice, charlie):
    his = TreatmentFactory(user=charlie)
    wrong = [
        lambda: check_in(alice, 1, leg_pain=11),
        lambda: check_in(alice, 1, condition=ConditionFactory(user=charlie)),
        lambda: check_in(alice, 1, diary_date=None),
        lambda: check_in(alice, 1, client_id=CheckInFactory(user=alice).client_id),
    ]
    for row in wrong:
        before = stored()
        assert refusal(copy_rows, [check_in(alice), row()]) == refusal(
            CheckIn.objects.bulk_create, [check_in(alice), row()]
        )
        assert stored()[: len(before)] == before
    link = SessionTreatment(user=alice, session_id=1, treatment=his)
    assert refusal(copy_rows, [link]) == refusal(SessionTreatment.objects.bulk_create, [link])


def test_nobody_stores_rows_of_another(alice, charlie):
    rows = [check_in(alice), check_in(charlie)]
    with acting.acting(role=WEB, whose=None, key=alice.pk):
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            copy_rows(rows)
        for row in rows:
            row.pk = None
        assert len(copy_rows(rows[:1])) == 1
    assert CheckIn.objects.count() == 1


def test_web_may_copy_where_a_host_lets_nobody_make_temporary_tables(db):
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        cursor.execute(f"REVOKE TEMPORARY ON DATABASE {name} FROM PUBLIC")
        roles.make()
        cursor.execute("SELECT has_database_privilege(%s, current_database(), 'TEMP')", [WEB])
        assert cursor.fetchone() == (True,)
