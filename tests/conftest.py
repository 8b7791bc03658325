import gc
import subprocess

import pytest
from django.contrib.contenttypes.management import create_contenttypes
from django.db import connection
from django.db.models.signals import post_migrate
from django.test import override_settings
from django.utils import translation
from hypothesis import settings as drawn

from config.postgres import roles
from tests import migrated
from tests.emptying import delete_in_place_of_truncate
from tests.factories import UserFactory
from tests.once import one_at_a_time

drawn.register_profile("the same", derandomize=True)


def pytest_configure(config):
    """What is green today is green tomorrow; `--hypothesis-profile=default` draws other examples."""
    if not config.getoption("--hypothesis-profile"):
        drawn.load_profile("the same")


def pytest_collection_finish():
    """All that is loaded now stays: it is no place to look for garbage in."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)  # as the server has it


@pytest.fixture(scope="session")
def tables(tmp_path_factory):
    """The file that makes all tables; a database like ``migrated.DATABASE`` has them already."""
    return migrated.file_of_tables(tmp_path_factory)


@pytest.fixture
def served_before(tmp_path, tmp_path_factory):
    """A data directory that need not be made anew: that takes ten times as long as a copy."""
    for each in migrated.data_directory(tmp_path_factory).iterdir():
        subprocess.run(["cp", "-a", each, tmp_path], check=True)
    return tmp_path


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, request):
    """Workers share one migration; a process that is alone makes its own, which is quicker."""
    if hasattr(request.config, "workerinput"):
        request.getfixturevalue("tables")
        connection.settings_dict["TEST"]["TEMPLATE"] = migrated.DATABASE


def pytest_sessionfinish(session):
    if not hasattr(session.config, "workerinput"):
        migrated.forget()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, tmp_path_factory):
    """Permissions, which nobody here has, are not made anew each time that a test empties all.

    The tests log in as the owner, so that factories may write anybody's rows. Every request, of
    the test client and of live servers, is answered as the role of the web and with the rows of
    one person (config/web/whose_rows.py); what a test calls by itself runs as the owner.
    """
    uid = "django.contrib.auth.management.create_permissions"
    assert post_migrate.disconnect(dispatch_uid=uid)
    assert post_migrate.disconnect(create_contenttypes)
    # Roles are of the whole server, and all workers come here at once.
    with django_db_blocker.unblock(), one_at_a_time(tmp_path_factory, "roles"):
        roles.make()
        delete_in_place_of_truncate()


@pytest.fixture(scope="session", autouse=True)
def quick_settings():
    """What costs most of the time and shows nothing.

    WhiteNoise would read all static files anew for each test client; live servers do, as in
    production. Argon2 as it is stands in tests/users/test_passwords.py.
    """
    hashers = ["tests.quick_hashes.QuickArgon2"]
    with override_settings(WHITENOISE_AUTOREFRESH=True, PASSWORD_HASHERS=hashers):
        yield


@pytest.fixture(autouse=True)
def language_of_its_own():
    """A request leaves its language behind in the thread; the next test begins without."""
    yield
    translation.deactivate()


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


@pytest.fixture
def with_mail(settings):
    """As where a mail server is set up: an address is confirmed before anybody comes in."""
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.MAILS_GO = "out"


@pytest.fixture
def without_mail(settings):
    """As on a laptop, where mail goes to the console."""
    settings.ACCOUNT_EMAIL_VERIFICATION = "none"
    settings.MAILS_GO = "to the console"


@pytest.fixture
def hosted_without_mail(settings):
    """As where somebody runs it for others and has named no mail server."""
    settings.ACCOUNT_EMAIL_VERIFICATION = "none"
    settings.MAILS_GO = "nowhere"
    settings.EMAIL_BACKEND = "config.web.dropped_mail.EmailBackend"
    settings.HOST_CONTACT = "mailto:host@diary.example"
