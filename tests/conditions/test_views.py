from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from apps.conditions.forms import ConditionForm
from apps.conditions.models import Cause, Condition
from tests.factories import CauseFactory, CheckInFactory, ConditionFactory

MAY = datetime(2026, 5, 3, 12, 0, tzinfo=UTC)
GET_AND_POST = [
    ("detail", [404, 405]),
    ("edit", [404, 404]),
    ("delete", [404, 404]),
    ("archive", [405, 404]),
    ("unarchive", [405, 404]),
]


@pytest.fixture(autouse=True)
def in_may():
    with time_machine.travel(MAY, tick=False):
        yield


def url(name, *args):
    return reverse(f"conditions:{name}", args=args)


def typed(*causes, initial=0, **fields):
    """What a browser sends: the condition's fields, and one row of fields for each cause."""
    rows = {"causes-TOTAL_FORMS": str(len(causes)), "causes-INITIAL_FORMS": str(initial)}
    for number, cause in enumerate(causes):
        cause = {"certainty": "suspected", **cause}
        rows |= {f"causes-{number}-{name}": str(value) for name, value in cause.items()}
    return {"name": "Sciatica", **fields, **rows}


def facts(condition):
    condition.refresh_from_db()
    return [getattr(condition, f) for f in ("name", "usual_side", "since_on", "resolved_on")]


def causes(condition):
    return [(cause.kind, cause.certainty, cause.diagnosed_by) for cause in condition.causes.all()]


def test_list_shows_own_conditions_by_name_and_archived_apart(as_alice, alice, charlie):
    names = ["sciatica", "Arm", "Back"]
    arm, back, sciatica = sorted(
        (ConditionFactory(user=alice, name=name) for name in names), key=lambda c: c.name.lower()
    )
    gone = ConditionFactory(user=alice, name="Old", archived_at=MAY)
    ConditionFactory(user=charlie, name="Charlie's")
    context = as_alice.get(url("list")).context
    assert context["current"] == [arm, back, sciatica]
    assert context["archived"] == [gone]


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_database_equally_often(as_alice, alice, count, django_assert_num_queries):
    for number in range(count):
        CauseFactory(user=alice, condition=ConditionFactory(user=alice, name=f"No {number}"))
    with django_assert_num_queries(3):
        as_alice.get(url("list"))


@pytest.mark.parametrize("count", [1, 3])
def test_detail_asks_the_database_equally_often(as_alice, alice, count, django_assert_num_queries):
    condition = ConditionFactory(user=alice)
    CauseFactory.create_batch(count, user=alice, condition=condition)
    with django_assert_num_queries(4):
        as_alice.get(url("detail", condition.pk))


def test_detail_leads_to_its_diary(as_alice, alice):
    condition = ConditionFactory(user=alice)
    page = as_alice.get(url("detail", condition.pk)).content.decode()
    assert page.count(f'href="{reverse("diary:list")}?condition={condition.pk}"') == 1


@pytest.mark.parametrize(("name", "expected"), GET_AND_POST)
def test_somebody_elses_condition_is_not_found(as_alice, charlie, name, expected):
    condition = ConditionFactory(user=charlie)
    before = facts(condition)
    statuses = [
        as_alice.get(url(name, condition.pk)).status_code,
        as_alice.post(url(name, condition.pk), typed(name="Mine now")).status_code,
    ]
    assert statuses == expected
    assert facts(condition) == before


@pytest.mark.parametrize("pk", [0, 10**12, 10**30])
def test_a_condition_that_never_was_is_not_found(as_alice, pk):
    assert as_alice.get(url("edit", pk)).status_code == 404


def test_create_stores_the_condition_and_its_causes(as_alice, alice):
    disc = {
        "kind": "slipped_disc",
        "certainty": "diagnosed",
        "diagnosed_by": "MRI scan",
        "diagnosed_on": "2026-05-01",
    }
    response = as_alice.post(
        url("create"),
        typed(disc, {"kind": "spasm"}, {"kind": ""}, usual_side="switches", since_on="2025-03-01"),
    )
    condition = Condition.objects.get(user=alice)
    assert response.url == url("detail", condition.pk)
    assert facts(condition) == ["Sciatica", "switches", date(2025, 3, 1), None]
    assert causes(condition) == [
        ("slipped_disc", "diagnosed", "MRI scan"),
        ("spasm", "suspected", ""),
    ]


def test_create_offers_two_empty_rows_of_causes(as_alice):
    rows = as_alice.get(url("create")).context["causes"]
    assert [row.initial for row in rows] == [{}, {}]


def test_edit_changes_adds_and_removes_causes(as_alice, alice):
    condition = ConditionFactory(user=alice, name="Leg")
    kept, removed = CauseFactory.create_batch(2, user=alice, condition=condition)
    as_alice.post(
        url("edit", condition.pk),
        typed(
            {"id": kept.pk, "kind": "injury"},
            {"id": removed.pk, "kind": "spasm", "DELETE": "on"},
            {"kind": "flat_feet"},
            initial=2,
            name="Right leg",
        ),
    )
    assert facts(condition) == ["Right leg", "", None, None]
    assert causes(condition) == [("flat_feet", "suspected", ""), ("injury", "suspected", "")]
    assert condition.causes.filter(pk=kept.pk, kind="injury").count() == 1


def test_edit_refuses_somebody_elses_cause(as_alice, alice, charlie):
    condition = ConditionFactory(user=alice)
    CauseFactory(user=alice, condition=condition)
    foreign = CauseFactory(user=charlie, kind="pregnancy")
    response = as_alice.post(
        url("edit", condition.pk), typed({"id": foreign.pk, "kind": "injury"}, initial=1)
    )
    foreign.refresh_from_db()
    assert (response.status_code, foreign.kind, foreign.user) == (422, "pregnancy", charlie)
    assert response.content.decode().count("This cause is no longer there.") == 1


def test_edit_of_the_name_into_other_capitals_is_allowed(as_alice, alice):
    condition = ConditionFactory(user=alice, name="sciatica")
    as_alice.post(url("edit", condition.pk), typed(name="Sciatica"))
    assert facts(condition)[0] == "Sciatica"


@pytest.mark.parametrize("name", ["Sciatica", "sCIATICA", "  Sciatica "])
def test_create_refuses_a_name_given_before(as_alice, alice, name):
    ConditionFactory(user=alice, name="Sciatica")
    response = as_alice.post(url("create"), typed(name=name, note="long drives"))
    form = response.context["form"]
    assert (response.status_code, form["note"].value()) == (422, "long drives")
    assert form.errors == {"name": [f"You already have “{name.strip()}”."]}
    assert Condition.objects.count() == 1


def test_create_allows_the_name_of_somebody_elses_condition(as_alice, alice, charlie):
    ConditionFactory(user=charlie, name="Sciatica")
    as_alice.post(url("create"), typed())
    assert Condition.objects.filter(user=alice, name="Sciatica").count() == 1


def test_two_forms_of_one_name_at_once_store_one_and_the_other_says_so(alice):
    """A double tap: both have passed the check before either is stored."""
    first, second = (ConditionForm({"name": "Leg"}, user=alice) for _ in range(2))
    assert (first.is_valid(), second.is_valid()) == (True, True)
    assert (first.save_if_valid(), second.save_if_valid()) == (True, False)
    assert second.errors == {"name": ["You already have “Leg”."]}
    assert Condition.objects.count() == 1


FIELD_REQUIRED = "This field is required."
TOO_LONG = "Ensure this value has at most 80 characters (it has 81)."
NUL = "Null characters are not allowed."
UNKNOWN_SIDE = "Select a valid choice. middle is not one of the available choices."


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"name": ""}, {"name": [FIELD_REQUIRED]}),
        ({"name": "   "}, {"name": [FIELD_REQUIRED]}),
        ({"name": "n" * 81}, {"name": [TOO_LONG]}),
        ({"name": "a\0b"}, {"name": [NUL]}),
        ({"note": "a\0b"}, {"note": [NUL]}),
        (
            {"note": "n" * 5001},
            {"note": ["Ensure this value has at most 5000 characters (it has 5001)."]},
        ),
        ({"usual_side": "middle"}, {"usual_side": [UNKNOWN_SIDE]}),
        ({"since_on": "yesterday"}, {"since_on": ["Enter a valid date."]}),
        ({"since_on": "2026-02-30"}, {"since_on": ["Enter a valid date."]}),
        ({"since_on": "2026-05-04"}, {"since_on": ["This day is still to come."]}),
        ({"resolved_on": "2026-05-04"}, {"resolved_on": ["This day is still to come."]}),
        (
            {"since_on": "1899-12-31"},
            {"since_on": ["The date it began must be in 1900 or later."]},
        ),
        (
            {"resolved_on": "1899-12-31"},
            {"resolved_on": ["The date it resolved must be in 1900 or later."]},
        ),
        (
            {"since_on": "2026-05-01", "resolved_on": "2026-04-30"},
            {"resolved_on": ["It cannot have resolved before it began."]},
        ),
    ],
)
def test_create_refuses_bad_input_and_keeps_what_was_typed(as_alice, fields, errors):
    response = as_alice.post(url("create"), typed({"kind": "spasm"}, **fields))
    form = response.context["form"]
    assert (response.status_code, form.errors) == (422, errors)
    assert {name: form[name].value() for name in fields} == fields
    assert response.context["causes"][0]["kind"].value() == "spasm"
    assert (Condition.objects.count(), Cause.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("cause", "errors"),
    [
        ({"kind": "weather"}, {"kind"}),
        ({"kind": "", "description": "fell off a ladder"}, {"kind"}),
        ({"kind": "spasm", "certainty": "certain"}, {"certainty"}),
        ({"kind": "spasm", "description": "d" * 121}, {"description"}),
        ({"kind": "spasm", "description": "a\0b"}, {"description"}),
        ({"kind": "spasm", "certainty": "suspected", "diagnosed_by": "my GP"}, {"diagnosed_on"}),
        (
            {"kind": "spasm", "certainty": "diagnosed", "diagnosed_on": "1899-12-31"},
            {"diagnosed_on"},
        ),
        (
            {"kind": "spasm", "certainty": "diagnosed", "diagnosed_on": "2026-05-04"},
            {"diagnosed_on"},
        ),
    ],
)
def test_create_refuses_a_bad_cause_and_keeps_what_was_typed(as_alice, cause, errors):
    response = as_alice.post(url("create"), typed(cause, note="long drives"))
    row = response.context["causes"][0]
    assert (response.status_code, set(row.errors)) == (422, errors)
    assert {name: row[name].value() for name in cause} == cause
    assert response.context["form"]["note"].value() == "long drives"
    assert Condition.objects.count() == 0


def test_create_refuses_more_causes_than_fit(as_alice):
    response = as_alice.post(url("create"), typed(*[{"kind": "spasm"}] * 21))
    errors = response.context["causes"].non_form_errors()
    assert (response.status_code, errors) == (422, ["Up to 20 causes fit here."])
    assert Condition.objects.count() == 0


def test_create_without_the_rows_of_causes_is_refused(as_alice):
    response = as_alice.post(url("create"), {"name": "Sciatica"})
    errors = response.context["causes"].non_form_errors()
    assert errors == ["The page did not arrive whole. Please send it again."]
    assert (response.status_code, Condition.objects.count()) == (422, 0)


def test_delete_asks_first(as_alice, alice):
    condition = CauseFactory(user=alice).condition
    response = as_alice.get(url("delete", condition.pk))
    assert (response.context["has_entries"], Condition.objects.count()) == (False, 1)


def test_delete_takes_the_causes_along(as_alice, alice, charlie):
    condition = CauseFactory(user=alice).condition
    foreign = CauseFactory(user=charlie)
    assert as_alice.post(url("delete", condition.pk)).url == url("list")
    assert list(Condition.objects.all()) == [foreign.condition]
    assert list(Cause.objects.all()) == [foreign]


def test_delete_is_refused_while_entries_hang_on_it(as_alice, alice):
    condition = CheckInFactory(user=alice).condition
    asked = as_alice.get(url("delete", condition.pk))
    refused = as_alice.post(url("delete", condition.pk))
    assert (asked.context["has_entries"], refused.status_code) == (True, 409)
    assert list(Condition.objects.all()) == [condition]


def test_archive_and_unarchive(as_alice, alice):
    condition = CheckInFactory(user=alice).condition
    assert as_alice.post(url("archive", condition.pk)).url == url("detail", condition.pk)
    condition.refresh_from_db()
    assert (condition.archived_at, list(Condition.objects.current())) == (MAY, [])
    as_alice.post(url("unarchive", condition.pk))
    assert list(Condition.objects.current()) == [condition]


def test_empty_rows_of_causes_are_folded_until_something_is_typed(as_alice):
    asked = as_alice.get(url("create")).content.decode()
    refused = as_alice.post(url("create"), typed({"kind": "spasm"}, {}, name="")).content.decode()
    folded, unfolded = '<details class="fold" data-row>', '<details class="fold" data-row open>'
    # Two rows and the template of further ones; then one row open, one folded and the template.
    assert [asked.count(folded), asked.count(unfolded)] == [3, 0]
    assert [refused.count(folded), refused.count(unfolded)] == [2, 1]
