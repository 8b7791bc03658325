"""The cookie that a reader gets for the secret of a link: signed, for this link, for 12 hours.

After that the address opens it again; a borrowed computer does not show it for weeks.

Under HTTPS its name begins with ``__Host-``, by which browsers refuse it from any other host and
without TLS. On plain http, as on the owner's own laptop, some browsers would drop such a cookie;
there it has a plain name and no ``Secure``.
"""

import uuid
from dataclasses import astuple, dataclass, replace
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.utils import timezone

from apps.sharing.models import ShareLink

SALT = "apps.sharing.passes"
LASTS = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Pass:
    """Who holds it gave the secret of this generation of the link, and perhaps the code.

    ``opening`` is random: it tells a second visit from a reload, and nothing else.
    """

    public_id: str
    generation: int
    opening: str
    has_code: bool

    @classmethod
    def to(cls, link: ShareLink) -> "Pass":
        return cls(link.public_id, link.generation, str(uuid.uuid4()), not link.code_hash)

    def with_code(self) -> "Pass":
        return replace(self, has_code=True)

    def fits(self, link: ShareLink | None) -> bool:
        """Whether it was given for this link and its present address."""
        given_for = (self.public_id, self.generation)
        return link is not None and given_for == (link.public_id, link.generation)


def cookie_name(public_id: str) -> str:
    return f"{'__Host-' if settings.IS_HTTPS else ''}share-{public_id}"


def is_claimed(request, public_id: str) -> bool:
    """Whether a pass was sent; one that is over counts as none: the address opens it again."""
    try:
        _signed(request, public_id)
    except signing.SignatureExpired:
        return False
    except signing.BadSignature:
        pass
    return cookie_name(public_id) in request.COOKIES


def _signed(request, public_id: str) -> list:
    signed = request.COOKIES.get(cookie_name(public_id), "")
    return signing.loads(signed, salt=SALT, max_age=LASTS)


def held(request, public_id: str) -> Pass | None:
    """The pass of this request; None for one that we did not sign, or too long ago."""
    try:
        return Pass(*_signed(request, public_id))
    except signing.BadSignature:
        return None


def give(response, link: ShareLink, given: Pass) -> None:
    response.set_cookie(
        cookie_name(link.public_id),
        signing.dumps(astuple(given), salt=SALT),
        expires=min(link.expires_at, timezone.now() + LASTS),
        secure=settings.IS_HTTPS,
        httponly=True,
        samesite="Strict",
    )
