"""Who calls: the key by which a push service knows that only we call our devices (RFC 8292).

Of the environment (VAPID_PRIVATE_KEY: 32 bytes, base64url, as other programs make it). Else made
of SECRET_KEY, so that it is there from the first start, in every backup, and nowhere else.
"""

import time
from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.utils.crypto import salted_hmac
from py_vapid import Vapid02
from py_vapid.utils import b64urlencode

LASTS = 12 * 3600  # seconds; a push service takes up to a day
LENIENT = {"no-strict": True}  # an address of ours with a port in it is one, too
# How many keys there are on the curve P-256.
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def key() -> Vapid02:
    return _key(settings.VAPID_PRIVATE_KEY, settings.SECRET_KEY)


@cache
def _key(given: str, secret_key: str) -> Vapid02:
    if given:
        return Vapid02(Vapid02.from_raw(given.encode()).private_key, LENIENT)
    made = salted_hmac("apps.diary.calls", "vapid", secret=secret_key, algorithm="sha256")
    number = int.from_bytes(made.digest(), "big") % (ORDER - 1) + 1
    return Vapid02(ec.derive_private_key(number, ec.SECP256R1()), LENIENT)


def public_key() -> str:
    """For browsers, base64url: they let nobody but its owner call."""
    point = key().public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return b64urlencode(point)


def authorization(host: str) -> dict[str, str]:
    """The header for one push service; good for twelve hours."""
    until = int(time.time()) + LASTS
    return key().sign({"aud": f"https://{host}", "sub": _contact(), "exp": until})


def _contact() -> str:
    """Whom the push service may write to if we make it trouble; Apple's insists on one."""
    if settings.SECURITY_CONTACT.startswith("mailto:"):
        return settings.SECURITY_CONTACT
    if settings.SITE_URL.startswith("https://"):
        return settings.SITE_URL
    return "mailto:diary@localhost"
