import pytest


@pytest.fixture
def with_mail(settings):
    """As where a mail server is set up: an address is confirmed before anybody comes in."""
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"


@pytest.fixture
def without_mail(settings):
    """As on a laptop, where mail goes to the console."""
    settings.ACCOUNT_EMAIL_VERIFICATION = "none"
