import re

import pytest

from apps.treatments.catalogue import CATALOGUE, FACTS, Lasts, kinds_by_name, treatment_of_kind
from apps.treatments.models import Kind, Setting, Treatment

ADVISING = re.compile(
    r"\b(we recommend|you should|best|try (it|this)|works well|most effective|proven)\b", re.I
)


def texts(facts):
    return [str(text) for text in (facts.what, *facts.cautions, facts.guideline)]


def test_catalogue_holds_every_kind_once():
    assert [facts.kind for facts in FACTS] == list(Kind)
    assert list(CATALOGUE) == list(Kind)


@pytest.mark.parametrize("facts", FACTS, ids=lambda facts: facts.kind.value)
def test_every_kind_has_cautions_and_says_what_the_guideline_says(facts):
    assert all(texts(facts))
    assert len(facts.cautions) >= 2
    assert bool(facts.recommendation) == (
        "makes no specific recommendation on it." not in str(facts.guideline)
    )


@pytest.mark.parametrize("facts", FACTS, ids=lambda facts: facts.kind.value)
def test_no_kind_is_praised_or_advised(facts):
    assert [text for text in texts(facts) if ADVISING.search(text)] == []


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Kind.HEAT, ["pregnancy", "numb", "thin"]),
        (Kind.ACUPRESSURE_MAT, ["pregnancy", "numb", "blood thinners", "thin", "diabetes"]),
        (
            Kind.PAIN_RELIEF,
            ["leaflet", "pharmacist", "stomach", "kidney", "asthma", "blood thinners"],
        ),
        (Kind.ACUPUNCTURE, ["pregnancy", "blood thinners"]),
        (Kind.MASSAGE, ["pregnancy", "blood thinners", "blood clot"]),
        (Kind.INJECTION, ["pregnancy", "blood thinners", "diabetes", "infection"]),
        (Kind.ORTHOTICS, ["numb", "diabetes"]),
    ],
)
def test_cautions_name_who_must_be_careful(kind, words):
    cautions = " ".join(map(str, CATALOGUE[kind].cautions)).lower()
    assert [word for word in words if word not in cautions] == []


def test_kinds_are_listed_by_name_with_something_else_last():
    names = [facts.name for facts in kinds_by_name()]
    assert names == [*sorted(names[:-1], key=str.casefold), "Something else"]


@pytest.mark.parametrize("kind", Kind)
def test_treatment_of_kind_can_be_stored_as_it_is(alice, kind):
    treatment = treatment_of_kind(alice, kind)
    treatment.full_clean()
    treatment.save()
    assert Treatment.objects.get(user=alice).name == kind.label


def test_treatment_of_kind_fills_in_what_is_usual(alice):
    mat = treatment_of_kind(alice, "acupressure_mat")
    assert (mat.minutes, mat.rate_again_after_minutes, mat.setting) == (20, 45, Setting.HOME)
    assert (mat.expectation, mat.upfront_cost, mat.pk) == (None, None, None)


@pytest.mark.parametrize("facts", FACTS, ids=lambda facts: facts.kind.value)
def test_the_second_rating_comes_after_the_session(facts):
    assert (facts.minutes or 0) < facts.rate_again_after_minutes


def test_for_how_long_each_kind_is_done():
    days = [f.kind.value for f in FACTS if f.lasts == Lasts.A_DAY]
    assert days == ["staying_active", "orthotics"]
    either = [f.kind.value for f in FACTS if f.lasts == Lasts.EITHER]
    assert either == ["posture", "pain_relief", "other"]


def test_which_kinds_are_one_off_worn_or_paid_each_time():
    assert [f.kind.value for f in FACTS if f.is_one_off] == ["injection"]
    assert [f.kind.value for f in FACTS if f.is_worn] == ["orthotics", "weight"]
    paid = [f.kind.value for f in FACTS if f.is_paid_per_session]
    assert paid == ["acupuncture", "physiotherapy", "hydrotherapy", "massage", "injection"]
