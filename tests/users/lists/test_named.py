"""Names are compared as people see them, by the database too; old twins stay until made one."""

import json

import pytest
from django.apps import apps
from django.utils import timezone

from apps.conditions.models import Condition
from apps.diary.entries.form import first_condition
from apps.diary.models.function import Activity
from apps.treatments.first_run import FirstRunForm, UseForm
from apps.treatments.models import Treatment
from apps.users.lists.named import name_rows_as_seen
from apps.your_data.archive.write import export_archive
from apps.your_data.importing.store import import_diary
from tests.factories import (
    ActivityFactory,
    ConditionFactory,
    TreatmentFactory,
    TreatmentSessionFactory,
)

COMPOSED, DECOMPOSED = "Wärmekissen", "Wa\u0308rmekissen"


def looks(model, user):
    return list(model.objects.for_user(user).order_by("pk").values_list("name_as_seen", "twin"))


def test_looks_are_kept_by_every_way_of_storing(alice):
    treatment = TreatmentFactory(user=alice, name=" Straße ")
    Treatment.objects.bulk_create([Treatment(user=alice, name="HEAT\u200b  pad")])
    assert looks(Treatment, alice) == [("strasse", 0), ("heat pad", 0)]
    treatment.name = "Mat"
    treatment.save(update_fields=["name"])
    treatment.refresh_from_db()
    assert treatment.name_as_seen == "mat"


def test_name_that_nobody_sees_is_its_own_looks(alice):
    assert TreatmentFactory(user=alice, name="\u200b").name_as_seen == "\u200b"


@pytest.mark.parametrize(
    ("label", "factory"),
    [
        ("treatments.Treatment", TreatmentFactory),
        ("conditions.Condition", ConditionFactory),
        ("diary.Activity", ActivityFactory),
    ],
)
def test_migration_keeps_every_row_and_counts_twins(alice, charlie, label, factory):
    model = apps.get_model(label)
    more = {"condition": ConditionFactory(user=alice)} if model is Activity else {}
    rows = [
        factory(user=alice, name=name, **more, **({"place": n} if more else {}))
        for n, name in enumerate(("Sit", "Stand", "Lie"), 1)
    ]
    for row, name in zip(rows, (COMPOSED, DECOMPOSED, "Mat"), strict=True):
        model.objects.filter(pk=row.pk).update(name=name, name_as_seen=str(row.pk))
    name_rows_as_seen(*label.split(".")).code(apps, None)
    kept = model.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk")
    assert list(kept.values_list("name", "name_as_seen", "twin")) == [
        (COMPOSED, "wärmekissen", 0),
        (DECOMPOSED, "wärmekissen", 1),
        ("Mat", "mat", 0),
    ]


def test_file_with_twins_comes_in_whole(alice, charlie):
    for twin, name in enumerate((COMPOSED, DECOMPOSED)):
        treatment = TreatmentFactory(user=charlie, name=name, twin=twin)
        TreatmentSessionFactory(user=charlie, treatments=[treatment])
    outcome = import_diary(alice, b"".join(export_archive(charlie)), at=timezone.now())
    assert (outcome.problems.shown, outcome.new) == ([], 2)
    assert looks(Treatment, alice) == [("wärmekissen", 0), ("wärmekissen", 1)]
    assert "name_as_seen" not in json.dumps(list(map(str, export_archive(alice))))


def test_first_questions_know_a_name_however_it_is_spelt(alice):
    ConditionFactory(user=alice, name="Straße")
    TreatmentFactory(user=alice, name=COMPOSED)
    form = FirstRunForm({"condition": "STRASSE", "usual_side": "left", "places": ["leg", "back"]})
    assert form.is_valid(), form.errors
    form.save(alice)
    use = UseForm({"kinds": [], "own": f"{DECOMPOSED} "}, user=alice)
    assert use.is_valid()
    use.save()
    assert Condition.objects.for_user(alice).get().usual_side == "left"
    assert Treatment.objects.for_user(alice).count() == 1


def test_usual_condition_is_the_person_s_own_of_that_look(alice):
    own = ConditionFactory(user=alice, name="SCIATICA")
    assert first_condition(alice) == own
