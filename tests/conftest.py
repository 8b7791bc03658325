import pytest

from tests.factories import UserFactory


@pytest.fixture
def alice(db):
    """The owner in every test of a view."""
    return UserFactory(email="alice@example.com")


@pytest.fixture
def charlie(db):
    """Somebody else, who must not get at anything of Alice's."""
    return UserFactory(email="charlie@example.com")


@pytest.fixture
def as_alice(client, alice):
    """A browser in which Alice is logged in."""
    client.force_login(alice)
    return client
