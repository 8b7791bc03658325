"""What became weaker with version 2 of the method is said once, and only of what may be told."""

from datetime import timedelta
from importlib import import_module

import pytest
import time_machine
from django.apps import apps
from django.db import connection

from apps.comparisons.models import BY_VERSION_1, KeptComparison
from apps.comparisons.reading.results import comparison_of
from apps.comparisons.reading.weaker import probably_by_version_1
from apps.diary.models import TreatmentSession
from tests.comparisons.engine.simulated.diaries import helpful_mat
from tests.factories import NOON, ConditionFactory, SelfTestFactory, TreatmentSessionFactory

MIGRATION = import_module("apps.comparisons.migrations.0002_results_of_version_1")
ESTIMATE = {"difference": -2.0, "se": 0.2, "degrees": 40, "strict": None}
MAT = {
    "treatment": "Acupressure mat",
    "sessions": 20,
    "pairs": 20,
    "unrated": 0,
    "waits": 20,
    "comparable_waits": 20,
    "together_with": [],
    "is_separable": True,
    "estimate": ESTIMATE,
}
SAID = "the first version of the method said “probably” here"


def said(**changes):
    return [verdict for _name, verdict in probably_by_version_1([MAT | changes])]


def with_estimate(**changes):
    return said(estimate=ESTIMATE | changes)


def test_version_1_said_probably_without_a_look_at_the_coin_s_own_waits():
    assert said() == ["probably_helps"]
    assert with_estimate(difference=2.0, strict=1.0) == ["probably_worse"]


@pytest.mark.parametrize(
    "changes",
    [
        {"pairs": 7},
        {"waits": 7},
        {"together_with": ["Heat pack"]},
        {"is_separable": False},
        {"estimate": None},
        {"comparable_waits": 4},
        {"sessions": 49, "unrated": 20},
    ],
)
def test_version_1_said_less_of_too_little(changes):
    assert said(**changes) == []


@pytest.mark.parametrize("unrated", [19, 20])
def test_forty_percent_unrated_was_not_too_many(unrated):
    assert said(sessions=50, unrated=unrated) == ["probably_helps"]


@pytest.mark.parametrize(
    "changes", [{"se": 1.0}, {"difference": 2.0}, {"difference": 2.0, "strict": -0.1}]
)
def test_version_1_said_less_of_what_was_not_clear(changes):
    assert with_estimate(**changes) == []


@pytest.fixture
def condition(alice):
    """A diary whose mat version 2 says less of, and what version 1 had kept of it."""
    condition = ConditionFactory(user=alice)
    helpful_mat(alice)
    for wait in TreatmentSession.objects.for_user(alice).waits():
        wait.asked_by_app = None
        wait.save()
    KeptComparison.objects.create(
        user=alice,
        condition=condition,
        filters="||",
        method="1",
        revision=1,
        values={"findings": [MAT]},
    )
    with connection.schema_editor() as editor:
        MIGRATION.keep_what_version_1_said(apps, editor)
    return condition


def page(client, user, at):
    with time_machine.travel(at, tick=False):
        client.force_login(user)
        return client.get("/compare/").content.decode()


def test_compare_says_it_on_one_day_and_not_again(client, alice, condition):
    pages = [page(client, alice, NOON + timedelta(hours=hours)) for hours in (0, 2, 24)]
    assert [text.count(SAID) for text in pages] == [1, 1, 0]


def test_what_version_1_said_outlives_a_change_of_the_diary(client, alice, condition):
    comparison_of(alice, condition)
    TreatmentSessionFactory(user=alice, condition=condition)
    comparison_of(alice, condition)
    assert KeptComparison.objects.filter(filters=BY_VERSION_1).count() == 1
    assert page(client, alice, NOON).count(SAID) == 1


def test_nothing_is_said_of_what_is_as_sure_as_before(client, alice, condition):
    TreatmentSession.objects.for_user(alice).waits().update(asked_by_app=True)
    assert {f.verdict for f in comparison_of(alice, condition).findings} == {"probably_helps"}
    assert SAID not in page(client, alice, NOON)


def test_nothing_is_said_of_what_a_running_self_test_seals(client, alice, condition):
    mat = TreatmentSession.objects.exclude(treatments=None).first().treatments.get()
    SelfTestFactory(user=alice, condition=condition, treatment=mat)
    assert SAID not in page(client, alice, NOON)


def test_nothing_is_said_to_somebody_else(client, charlie, condition):
    ConditionFactory(user=charlie)
    helpful_mat(charlie)
    assert SAID not in page(client, charlie, NOON)


@pytest.mark.parametrize(
    ("method", "filters", "kept"), [("1", "left||", "left||"), ("2", "||", "||")]
)
def test_migration_keeps_whole_diaries_of_version_1_alone(alice, method, filters, kept):
    own = {"user": alice, "condition": ConditionFactory(user=alice), "revision": 1, "values": {}}
    KeptComparison.objects.create(**own, method=method, filters=filters)
    with connection.schema_editor() as editor:
        MIGRATION.keep_what_version_1_said(apps, editor)
    assert KeptComparison.objects.get().filters == kept
