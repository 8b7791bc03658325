"""One message to a push service over HTTPS, guarded: see ``endpoint.py`` for why.

Only to a known host on port 443, at an address of the internet, no redirect is followed, and all
together takes ten seconds at most.
"""

import socket
import ssl
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from http.client import HTTPException, HTTPResponse, HTTPSConnection
from threading import Timer
from typing import NamedTuple

from apps.diary.calls.endpoint import Endpoint, NotAllowedError, is_public

SECONDS = 10.0
PORT = 443
Dial = Callable[[str, float], socket.socket]


class Answer(NamedTuple):
    status: int
    retry_after: str


class NotReachedError(OSError):
    """Nothing was sent: the push service cannot have the message."""


class UnansweredError(OSError):
    """It was sent, and nobody knows what became of it."""


def dial(host: str, seconds: float) -> socket.socket:
    """An encrypted connection to an address of the host that is public.

    Looked up once: what was checked is what is connected to.
    """
    give_up_at = time.monotonic() + seconds
    found = socket.getaddrinfo(host, PORT, type=socket.SOCK_STREAM)
    address = public_one([str(place[0]) for *_kind, place in found])
    plain = socket.create_connection((address, PORT), timeout=seconds)
    plain.settimeout(max(0.1, give_up_at - time.monotonic()))
    return encrypted(plain, host, ssl.create_default_context())


def public_one(addresses: list[str]) -> str:
    """The first. One that is not on the internet is enough to refuse the name."""
    if not addresses or not all(map(is_public, addresses)):
        raise NotAllowedError("Its host is not on the internet.")
    return addresses[0]


def encrypted(plain: socket.socket, host: str, trust: ssl.SSLContext) -> socket.socket:
    try:
        return trust.wrap_socket(plain, server_hostname=host)
    except BaseException:
        plain.close()
        raise


class Line(HTTPSConnection):
    """A connection to one push service, kept for all messages to it of one run."""

    def __init__(self, host: str, dial: Dial = dial, seconds: float = SECONDS) -> None:
        super().__init__(host, PORT)
        self._dial, self._seconds = dial, seconds

    def connect(self) -> None:
        self.sock = self._dial(self.host, self._seconds)
        # Else the body waits for the headers to be acknowledged: 40 ms of nothing.
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def open(self) -> None:
        """Before anything is claimed. Raises NotReachedError."""
        if self.sock is not None:
            return
        try:
            self.connect()
        except (OSError, ValueError) as error:
            raise NotReachedError(type(error).__name__) from error

    def post(self, to: Endpoint, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Raises UnansweredError; the connection is closed then."""
        alarm = Timer(self._seconds, self._hang_up)
        alarm.start()
        try:
            self.request("POST", to.path, body, dict(headers))
            return self._read(self.getresponse())
        except (OSError, HTTPException) as error:
            self.close()
            raise UnansweredError(type(error).__name__) from error
        finally:
            alarm.cancel()

    def _read(self, response: HTTPResponse) -> Answer:
        """What it says is not for us, and may be without end."""
        length = response.length
        if length is None or length > 1024:
            self.close()
        else:
            response.read()
        return Answer(response.status, response.headers.get("Retry-After", ""))

    def _hang_up(self) -> None:
        """The socket's own patience begins anew with every byte."""
        with suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)


def seconds_of(retry_after: str, *, least: int, most: int) -> int:
    """How long a push service asks to be left alone; a date, or nonsense, is ``least``."""
    asked = int(retry_after) if retry_after.isascii() and retry_after.isdecimal() else least
    return min(max(asked, least), most)
