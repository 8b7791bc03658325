"""allauth's forms of passkeys in our words. Nothing that a browser sends can break them."""

import struct

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from fido2.webauthn import RegistrationResponse

from apps.users.adapters import NOT_A_PASSKEY

MOST = 20  # of one account
LONGEST_NAME = 60
# What the library raises at bytes that no browser has written: it says no more of them than that.
UNREADABLE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, struct.error)


def name_field(**more):
    return forms.CharField(
        label=_("Name"),
        max_length=LONGEST_NAME,
        help_text=_("To tell it from others, such as the device that it is on."),
        **more,
    )


class ReadsPasskey:
    """Whatever is wrong with the passkey is said once, over the form: its field is hidden."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        said = dict.fromkeys(("required", "invalid"), NOT_A_PASSKEY)
        self.fields["credential"].error_messages.update(said)

    def read(self, clean):
        try:
            return clean()
        except ValidationError as refused:
            if refused.code != "incorrect_code":
                raise
        except UNREADABLE:
            pass
        raise get_adapter().validation_error("not_a_passkey")

    def _post_clean(self):
        super()._post_clean()
        for said in self._errors.pop("credential", []):
            self.add_error(None, said)


class AddPasskeyForm(ReadsPasskey, webauthn.AddWebAuthnForm):
    name = name_field(required=False)
    passwordless = None  # they all are: the device checks who it is

    def clean(self):
        if Authenticator.objects.filter(user_id=self.user.pk, type="webauthn").count() >= MOST:
            raise ValidationError(_("You have 20 passkeys. Remove one first."))
        cleaned = self.read(super().clean)
        if "credential" in cleaned:
            cleaned["credential"] = self.read(lambda: proven_part(cleaned["credential"]))
        return cleaned


def proven_part(credential: dict) -> dict:
    """What the browser has sent, without anything that nobody has checked."""
    read = dict(RegistrationResponse.from_dict(credential))
    response = dict(read["response"])
    return {
        **{name: read[name] for name in ("id", "rawId", "type")},
        "response": {name: response[name] for name in ("clientDataJSON", "attestationObject")},
        "clientExtensionResults": {"credProps": {"rk": True}},
    }


class EditPasskeyForm(webauthn.EditWebAuthnForm):
    name = name_field()


class ShowsPasskey(ReadsPasskey):
    def clean_credential(self):
        return self.read(super().clean_credential)


class LogInPasskeyForm(ShowsPasskey, webauthn.LoginWebAuthnForm):
    pass


class SecondStepPasskeyForm(ShowsPasskey, webauthn.AuthenticateWebAuthnForm):
    pass


class ConfirmPasskeyForm(ShowsPasskey, webauthn.ReauthenticateWebAuthnForm):
    pass
