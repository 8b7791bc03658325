"""What opens a link: the secret of its address, and six digits told in another way.

They exist in the clear only until the answer that shows them is sent. What is kept are hashes:
SHA-256 for the secret, which nobody can guess (256 bits), and the slow one of passwords for the
digits, which are a million.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.utils.crypto import constant_time_compare, get_random_string

SECRET_LENGTH = 43  # letters and digits: 43 × log2(62) is 256.03 bits
NOBODYS = "0" * 64


@dataclass(frozen=True, slots=True)
class Keys:
    """New keys, to be shown once. ``code`` is empty where no digits are asked for."""

    secret: str
    code: str

    @classmethod
    def new(cls, *, with_code: bool) -> "Keys":
        # No "-" or "_": some programs cut them off when they find an address in a message.
        secret = get_random_string(SECRET_LENGTH)
        return cls(secret, f"{secrets.randbelow(10**6):06}" if with_code else "")

    @property
    def secret_hash(self) -> str:
        return hash_of(self.secret)

    @property
    def code_hash(self) -> str:
        return make_password(self.code) if self.code else ""


def hash_of(secret: str) -> str:
    """The SHA-256 of a secret, as 64 hexadecimal digits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def opens(link, secret: str) -> bool:
    """Whether this is the secret of the link; as much work for a link that is not there."""
    return constant_time_compare(hash_of(secret), link.secret_hash if link else NOBODYS)


# What programs and people leave behind an address.
INVISIBLE = "\u200b-\u200f\u2060\ufeff"
NOISE = re.compile(rf"[\W_{INVISIBLE}]*")


def secret_in(typed: str) -> str:
    """The secret in what was pasted, whatever stands around it.

    That may be the whole address, also with ``%23`` for its ``#``, with a full stop or a bracket
    behind it, or in groups as on paper.
    """
    after = re.split("#|%23", re.sub(f"[{INVISIBLE}]", "", typed))[-1]
    parts = re.findall(r"[A-Za-z0-9]+", after)
    whole = "".join(parts)
    return whole if len(whole) == SECRET_LENGTH else max(parts, key=len, default="")[:200]


def means_the_address(after: str) -> bool:
    """Whether what follows the path of an address says nothing of its own, or holds the secret."""
    return after.startswith("#") or NOISE.fullmatch(after) is not None
