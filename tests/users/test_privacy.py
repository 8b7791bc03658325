"""The privacy page names every field that is stored of a person."""

import pytest
from django.apps import apps
from django.urls import reverse

from apps.users.models import User
from apps.users.ownership import OwnedModel
from apps.your_data import stored as personal


def points_to_a_person(model):
    return any(field.related_model is User for field in model._meta.get_fields() if field.concrete)


def test_every_personal_table_is_there_and_explained():
    models = set(personal.personal_models())
    assert models == {User} | {model for model in apps.get_models() if points_to_a_person(model)}
    assert {model for model in apps.get_models() if issubclass(model, OwnedModel)} <= models
    assert {model._meta.label for model in models} == set(personal.TABLES)


@pytest.mark.parametrize(
    "field",
    ["Leg pain", "Diagnosed by", "<code>client_id</code>", "Consent given", "In your words"],
)
def test_privacy_page_lists_the_fields(client, db, field):
    page = client.get(reverse("privacy")).content.decode()
    assert field in page.partition('<dl class="stored">')[2].partition("</dl>")[0]
