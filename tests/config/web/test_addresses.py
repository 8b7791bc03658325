"""Addresses put together once are those that Django puts together."""

import pytest
from django.test import override_settings
from django.urls import path, reverse, set_script_prefix

from config import urls
from config.web.addresses import address_of


def nothing(request):
    raise NotImplementedError


urlpatterns = [path("a/{b}/<int:c>", nothing, name="odd"), *urls.urlpatterns]


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("diary:today", ()),
        ("diary:checkin_edit", (1,)),
        ("diary:day", (2026, 3, 10)),
        ("diary:day", (2026, 12, 12)),
    ],
)
def test_it_is_what_django_says(name, numbers):
    for _again in range(2):
        assert address_of(name, *numbers) == reverse(name, args=numbers)


def test_it_begins_where_the_program_is_served():
    set_script_prefix("/own/")
    try:
        assert address_of("diary:day", 2026, 3, 10) == "/own/diary/2026/3/10/"
    finally:
        set_script_prefix("/")
    assert address_of("diary:day", 2026, 3, 10) == "/diary/2026/3/10/"


@override_settings(ROOT_URLCONF=__name__)
def test_braces_are_no_places_for_numbers():
    assert address_of("odd", 7) == reverse("odd", args=[7])
