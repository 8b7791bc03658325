"""The program goes on answering while many callers send or read next to nothing."""

import socket
import threading
import time
import urllib.request
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
from django.test import Client

from config.start.patient_worker import LONGEST_HEAD, SHORT_BODY, is_long, wanted
from tests.servers import SERVE, SUPERVISED, UNSET, running

HEAD = b"POST /s/abc/open HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"


@pytest.mark.parametrize(
    ("arrived", "least"),
    [
        (b"", 1),
        (b"GET / HT", 9),
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", 27),
        (HEAD % 5, len(HEAD % 5) + 5),
        (HEAD % 10**9, len(HEAD % 10**9) + SHORT_BODY),
        (HEAD.replace(b"Content-L", b"X-Content-L") % 5, len(HEAD % 5) + 2),
        (b"x" * LONGEST_HEAD, LONGEST_HEAD),
    ],
)
def test_request_is_taken_once_its_head_and_body_are_there(arrived, least):
    assert wanted(arrived) == least


def test_long_and_chunked_bodies_are_uploads():
    chunked = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    asked = [HEAD % 5, HEAD % SHORT_BODY, HEAD % (SHORT_BODY + 1), chunked]
    assert [is_long(arrived) for arrived in asked] == [False, False, True, True]


@pytest.mark.parametrize(
    "extra", [{"CONTENT_LENGTH": str(128 * 1024 + 1)}, {"HTTP_TRANSFER_ENCODING": "chunked"}]
)
def test_long_body_of_a_stranger_is_refused_unread(db, extra):
    response = Client().post("/s/abc/open", **extra)
    assert (response.status_code, response.templates[0].name) == (413, "400.html")


def test_long_body_of_somebody_known_is_read(as_alice):
    response = as_alice.post("/your-data/import/", {"file": "x" * 200_000})
    assert response.status_code == 422


def drip(address, kind, stop):
    """One connection after another that sends a byte a second, or reads none of its answers."""
    while not stop.is_set():
        try:
            with socket.create_connection(address, timeout=5) as caller:
                caller.sendall(kind)
                while not stop.wait(1):
                    caller.sendall(b"x")
        except OSError:
            stop.wait(0.2)  # cut off: come again


def status_of(address, length):
    """Of a request whose head says that its body is so long; none is sent."""
    with socket.create_connection(address, timeout=5) as caller:
        caller.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %s\r\n\r\n" % length)
        return int(caller.recv(1000).split()[1])


def is_kept_after(address, length):
    """Whether the answer to a body that long says that the connection goes on."""
    with socket.create_connection(address, timeout=5) as caller:
        caller.sendall(HEAD % length + b"x" * length)
        head = caller.recv(4000).lower().partition(b"\r\n\r\n")[0]
    return b"\r\nconnection: keep-alive" in head


def seconds_of(url):
    started = time.monotonic()
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310
        assert answer.status == 200
    return time.monotonic() - started


KINDS = [
    b"",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
    HEAD % 4000,
    HEAD % 10**7,
    b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n",
    b"GET /method/ HTTP/1.1\r\nHost: localhost\r\n\r\n" + b"GET /method/ HTTP/1.1\r\nHost: ",
]


def test_200_slow_callers_stop_nobody(served_before):
    stop = threading.Event()
    with ExitStack() as stack:
        settings = {**UNSET, "DATA_DIR": str(served_before), "ALLOWED_HOSTS": "localhost,127.0.0.1"}
        url, _process = stack.enter_context(running([*SUPERVISED, *SERVE], **settings))
        where = urlsplit(url).hostname, urlsplit(url).port
        seconds_of(f"{url}/method/")
        # Django would fail at these: it takes the server's word for how much there is.
        assert [status_of(where, each) for each in (b"x", b"-1")] == [400, 400]
        assert [is_kept_after(where, each) for each in (10, SHORT_BODY + 1)] == [True, False]
        callers = [
            threading.Thread(target=drip, args=[where, KINDS[n % len(KINDS)], stop])
            for n in range(200)
        ]
        for each in callers:
            each.start()
        stack.callback(lambda: [each.join() for each in callers])
        stack.callback(stop.set)
        time.sleep(2)
        taken = sorted(seconds_of(f"{url}/healthz") for _request in range(100))
    assert taken[98] < 1
