"""A push service on this machine, for the tests of calls, and browsers that can be called by it.

It takes what the real ones take (RFC 8030), checks who calls (RFC 8292) and reads what arrives as
a browser would (RFC 8291), with none of the code that wrote it.
"""

import json
import socket
import ssl
import threading
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from os import urandom

import trustme
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from apps.diary.calls.wire import encrypted
from tests.factories import PushSubscriptionFactory

GOOGLE, MOZILLA = "fcm.googleapis.com", "updates.push.services.mozilla.com"
HANG = "hang"
AN_HOUR = 3600


def encoded(data):
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text):
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def point(key):
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


class Browser:
    """One that was allowed to be called: its keys, and the address that it was given."""

    def __init__(self, host=GOOGLE, path=None):
        self.key, self.auth = ec.generate_private_key(ec.SECP256R1()), urandom(16)
        self.host, self.path = host, path or f"/send/{encoded(urandom(12))}"
        self.endpoint = f"https://{host}{self.path}"

    @property
    def handed_over(self):
        return {
            "endpoint": self.endpoint,
            "p256dh": encoded(point(self.key)),
            "auth": encoded(self.auth),
        }

    def of(self, user, **fields):
        return PushSubscriptionFactory(user=user, **self.handed_over, **fields)

    def read(self, body):
        return json.loads(self.unsealed(body))

    def unsealed(self, body):
        """RFC 8188 with the key of RFC 8291: one record, whose last byte is 2."""
        salt, length = body[:16], body[20]
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        secret = self.key.exchange(ec.ECDH(), theirs)
        info = b"WebPush: info\0" + point(self.key) + sender
        key = HKDF(SHA256(), 32, self.auth, info).derive(secret)
        content_key = HKDF(SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(key)
        nonce = HKDF(SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(key)
        text = AESGCM(content_key).decrypt(nonce, sealed, None)
        assert text[-1] == 2
        return text[:-1]


def who_calls(authorization, host):
    """The public key and the contact of who signed the call, if it was signed for this host."""
    scheme, _space, rest = authorization.partition(" ")
    said = dict(part.split("=", 1) for part in rest.split(","))
    signed, _dot, signature = said["t"].rpartition(".")
    raw = decoded(signature)
    pair = [int.from_bytes(half, "big") for half in (raw[:32], raw[32:])]
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(said["k"]))
    key.verify(encode_dss_signature(*pair), signed.encode(), ec.ECDSA(SHA256()))
    claims = json.loads(decoded(signed.split(".")[1]))
    assert (scheme, claims["aud"]) == ("vapid", f"https://{host}")
    assert time.time() < claims["exp"] <= time.time() + 24 * AN_HOUR
    return said["k"], claims["sub"]


class PushService:
    """``answers`` says what a path is answered with: a status, or HANG; 201 to all others.

    ``reached`` is set once something hangs. ``arrived`` has the host, path, headers and body of each call that was taken, ``asked`` the
    status of each in turn.
    """

    def __init__(self):
        self.answers, self.headers = {}, {}
        self.arrived, self.asked = [], []
        self.is_down = False
        self.reached, self.until_over = threading.Event(), threading.Event()

    def read_by(self, browser):
        return [
            browser.read(body)
            for *_to, path, _headers, body in self.arrived
            if path == browser.path
        ]

    def headers_to(self, browser):
        return [headers for _host, path, headers, _body in self.arrived if path == browser.path]

    def answer(self, handler):
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        host, status = handler.headers["Host"], self.answers.get(handler.path, 201)
        who_calls(handler.headers["Authorization"], host)
        self.asked.append(status)
        if status == HANG:
            self.reached.set()
            self.until_over.wait(20)
            return
        if status == 201:
            self.arrived.append((host, handler.path, dict(handler.headers), body))
        handler.send_response(status)
        for name, value in self.headers.get(handler.path, {}).items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()


def dial_to(port, authority):
    """What dials to the service at this port, in place of the internet."""
    trust = ssl.create_default_context(cadata=authority)

    def dial(host, seconds):
        return encrypted(socket.create_connection(("127.0.0.1", port), seconds), host, trust)

    return dial


@contextmanager
def push_service():
    """Yields the service, and what dials to it in place of the internet."""
    service, authority = PushService(), trustme.CA()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            service.answer(self)

        def log_message(self, *_said):
            """Nothing on the console."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(GOOGLE, MOZILLA).configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    service.port, service.authority = server.server_address[1], authority.cert_pem
    dial_it = dial_to(service.port, service.authority.bytes().decode())
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()

    def dial(host, seconds):
        if service.is_down:
            raise ConnectionRefusedError
        return dial_it(host, seconds)

    try:
        yield service, dial
    finally:
        service.until_over.set()
        server.shutdown()
        server.server_close()
        thread.join()
