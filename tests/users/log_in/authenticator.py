"""A device with passkeys, in a few lines: what a browser would send to the server."""

import json
import secrets
from hashlib import sha256

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from django.urls import reverse
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

ORIGIN, HOST = "http://localhost", "localhost"
# Of what a device says of itself: somebody was there; it was who it should be.
PRESENT, VERIFIED = 1, 4


class Device:
    """Holds one passkey, once it has made one."""

    def __init__(self, *, verifies=True):
        self.key = generate_private_key(SECP256R1())
        self.id = secrets.token_bytes(16)
        self.flags = PRESENT | (VERIFIED if verifies else 0)
        self.user_handle = ""

    def make(self, options) -> dict:
        """The answer to ``options`` of the server."""
        asked = options["publicKey"]
        self.user_handle = asked["user"]["id"]
        public = ES256.from_cryptography_key(self.key.public_key())
        made = AttestedCredentialData.create(b"\0" * 16, self.id, public)
        flags = AuthenticatorData.FLAG(self.flags) | AuthenticatorData.FLAG.AT
        proof = AuthenticatorData.create(sha256(HOST.encode()).digest(), flags, 0, made)
        return self._answer(
            clientDataJSON=_client_data("webauthn.create", asked["challenge"]),
            attestationObject=AttestationObject.create("none", proof, {}),
        )

    def show(self, options) -> dict:
        client_data = _client_data("webauthn.get", options["publicKey"]["challenge"])
        flags = AuthenticatorData.FLAG(self.flags)
        proof = AuthenticatorData.create(sha256(HOST.encode()).digest(), flags, 0)
        signed = bytes(proof) + sha256(client_data).digest()
        return self._answer(
            clientDataJSON=client_data,
            authenticatorData=proof,
            signature=self.key.sign(signed, ECDSA(SHA256())),
            userHandle=websafe_decode(self.user_handle),
        )

    def _answer(self, **response):
        return {
            "id": websafe_encode(self.id),
            "rawId": websafe_encode(self.id),
            "type": "public-key",
            "clientExtensionResults": {"credProps": {"rk": True}},
            "response": {name: websafe_encode(bytes(part)) for name, part in response.items()},
        }


def _client_data(kind, challenge):
    said = {"type": kind, "challenge": challenge, "origin": ORIGIN, "crossOrigin": False}
    return json.dumps(said).encode()


def stored(user, name="My phone"):
    """A passkey of this account, whose device nobody has."""
    options = {"publicKey": {"challenge": "", "user": {"id": ""}}}
    data = {"name": name, "credential": Device().make(options)}
    return Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data)


def add(client, device, name="My phone"):
    """Through the page; the person must have confirmed who they are."""
    page = client.get(reverse("mfa_add_webauthn"), headers={"Host": HOST})
    credential = json.dumps(device.make(page.context["options"]))
    data = {"name": name, "credential": credential}
    return client.post(reverse("mfa_add_webauthn"), data, headers={"Host": HOST})


def options_to_log_in(client):
    accept = {"Accept": "application/json", "Host": HOST}
    return client.get(reverse("mfa_login_webauthn"), headers=accept).json()["request_options"]


def log_in_with(client, device, **more):
    credential = json.dumps(device.show(options_to_log_in(client)))
    data = {"credential": credential, **more}
    return client.post(reverse("mfa_login_webauthn"), data, headers={"Host": HOST})


def confirm_with(client, device, **more):
    page = client.get(reverse("mfa_reauthenticate_webauthn"), headers={"Host": HOST})
    credential = json.dumps(device.show(page.context["js_data"]["request_options"]))
    data = {"credential": credential, **more}
    return client.post(reverse("mfa_reauthenticate_webauthn"), data, headers={"Host": HOST})
