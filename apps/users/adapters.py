"""Where accounts differ from what allauth does by itself."""

import logging
from io import BytesIO
from smtplib import SMTPException
from types import SimpleNamespace
from urllib.parse import urlsplit

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import HASH_SESSION_KEY
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathFillImage

from apps.users import security_events
from apps.users.log_in import known_devices
from apps.users.models import User
from apps.users.templatetags.devices import known_device

NOT_A_PASSKEY = _("This passkey was not recognised. Try again.")
# What else can be shown where one of them is asked for; by allauth's names for them.
INSTEAD = {
    "reauthenticate": _("Use your password instead"),
    "mfa_reauthenticate": _("Use a code instead"),
    "mfa_reauthenticate:webauthn": _("Use a passkey instead"),
}
FORGETS = "forgets"  # the page that shows this message makes the device forget all it kept

logger = logging.getLogger(__name__)


def at_our_address(context: dict) -> dict:
    """What a mail is written from, with every link to where the host says that the diary is.

    A request names a host and port of its own, and who sends it may be somebody else than who
    gets the mail.
    """
    site = urlsplit(settings.SITE_URL)
    moved = {
        name: urlsplit(value)._replace(scheme=site.scheme, netloc=site.netloc).geturl()
        for name, value in context.items()
        if isinstance(value, str) and value.startswith(("http://", "https://"))
    }
    ours = SimpleNamespace(name=site.netloc, domain=site.netloc)
    return context | moved | {"current_site": ours}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("This address and this password do not belong together."),
        "email_taken": _(
            "This address cannot be used. If it is yours, log in or reset the password."
        ),
        "duplicate_email": _("This is your address already."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_password": _("This is not your password."),
        "incorrect_code": _("This code is not right. Codes change every 30 seconds."),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes, then try again."),
        "rate_limited": _("Too many attempts. Wait a minute, then try again."),
    }

    def send_mail(self, template_prefix, email, context):
        """In the person's language. A mail server that does not answer is said on the page."""
        language = getattr(context.get("user"), "language", "") or get_language()
        try:
            with translation.override(language):
                super().send_mail(template_prefix, email, at_our_address(context))
        except (SMTPException, OSError) as error:
            # Only what kind of failure: a refusal's own words hold the address.
            kind = type(error).__name__
            logger.error("A mail could not be sent (%s): %s.", template_prefix, kind)
            messages.error(
                self.request, _("We could not send the mail just now. Try again in a few minutes.")
            )

    def _get_login_attempts_cache_key(self, request, **credentials):
        """Whose password is guessed, and nothing else that the guesser can choose.

        Not the host that was asked: with its port it can be written in 65,000 ways.
        """
        return known_devices.key_of_guesses(request, credentials.get("email", ""))

    def get_reauthentication_methods(self, user):
        methods = super().get_reauthentication_methods(user)
        return [method | {"description": INSTEAD[method["id"]]} for method in methods]

    def reauthenticate(self, user, password):
        """An older hash is renewed by it, which would end this session: it hangs on the hash."""
        is_right = super().reauthenticate(user, password)
        user.refresh_from_db(fields=["password"])
        if is_right:
            self.request.session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        return is_right

    def authentication_failed(self, request, **credentials):
        security_events.record_wrong_password(credentials.get("email", ""))

    def new_user(self, request):
        """With the number that a passkey was made for before (log_in/passkey_sign_up.py)."""
        return User(pk=getattr(request, "number_of_account", None))

    def add_message(self, request, level, message_template=None, *said, **named):
        """After logging out nothing stays on the device (static/js/offline/forget.js)."""
        if message_template == "account/messages/logged_out.txt":
            named["extra_tags"] = FORGETS
        super().add_message(request, level, message_template, *said, **named)

    def confirm_email(self, request, email_address):
        """An address in use elsewhere, confirmed there or not, cannot become this account's too."""
        others = User.objects.exclude(pk=email_address.user_id)
        if others.filter(email=email_address.email).exists():
            messages.error(request, self.error_messages["email_taken"])
            return False
        return super().confirm_email(request, email_address)


class TwoFactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
        "not_a_passkey": NOT_A_PASSKEY,
    }

    def is_mfa_enabled(self, user, types=None):
        """A passkey is one more way in. It does not make the password ask for a second step: who
        has it on one device only could not log in on another. The app with codes does."""
        if types and Authenticator.Type.TOTP in types:
            types = [Authenticator.Type.TOTP]
        return super().is_mfa_enabled(user, types)

    def generate_authenticator_name(self, user, type):
        """Of a passkey: by the browser that it is made in."""
        return known_device(context.request.headers.get("User-Agent", "")) or str(_("Passkey"))

    def get_public_key_credential_rp_entity(self):
        return super().get_public_key_credential_rp_entity() | {"name": settings.MFA_TOTP_ISSUER}

    def build_totp_svg(self, url):
        """With a white ground: on a dark page a QR code without one cannot be read."""
        picture = BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage).save(picture)
        return picture.getvalue().decode()
