"""What a page says about entries that are kept on the device until the server has them."""

from base64 import b64encode

from django import template
from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils.crypto import salted_hmac

from config.web.fixed_parts import fixed

register = template.Library()
KEPT_FOR_SECONDS = 3600  # what is typed after a log-in has expired, without JavaScript
_signer = Signer(salt="users.kept")


def key_of(user) -> str:
    """Marks on a device what this person wrote; nobody else's page shows or sends it."""
    return _signer.sign(user.pk)


def sealing_key_of(user) -> str:
    """256 bits in base64: what a device seals what this person wrote with. Nobody else gets it."""
    made = salted_hmac("users.kept.sealed", str(user.pk), algorithm="sha256")
    return b64encode(made.digest()).decode()


def owner_of(key: str) -> int | None:
    """The pk of the person whose key this is; None for what we did not sign."""
    try:
        return int(_signer.unsign(key))
    except (BadSignature, ValueError):
        return None


@register.simple_tag
def owner_key(user):
    return key_of(user)


@register.simple_tag
@fixed
def worker_address():
    """The service worker's, except while developing: it would go on showing the old files."""
    return "" if settings.DEBUG else reverse("worker")
