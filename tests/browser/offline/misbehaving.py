"""A proxy in front of the server that can be told to misbehave, each way that proxies do.

``proxy.does = OTHERS["502"]`` gives that answer of its own to every request; ``None`` hands on.
"""

import socket
import threading
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = b"<!doctype html><title>nginx</title><main><p role=alert>Bad things</p></main>"
ERRORS = (400, 401, 403, 404, 409, 413, 422, 500, 502, 503, 504)


def answering(status, **headers):
    """Say this, whatever was asked, as a proxy whose server is gone."""

    def does(handler):
        handler.say(status, {"Content-Type": "text/html"} | headers, PAGE)

    return does


def hang(handler):
    """Take the request and say nothing until the proxy ends."""
    handler.server.ended.wait()


def hang_up(handler):
    """Close the connection without a word."""
    handler.connection.shutdown(socket.SHUT_RDWR)


def lose_the_answer(handler):
    """Let the server do what was asked, and answer as if it had not been there."""
    handler.behind()
    handler.say(502, {"Content-Type": "text/html"}, PAGE)


OTHERS = {str(status): answering(status) for status in ERRORS} | {
    "portal": answering(200),
    "portal elsewhere": answering(302, Location="/welcome.html"),
    "done": answering(204, **{"X-Go-To": "/today/"}),
    "hangs up": hang_up,
}


class Handler(BaseHTTPRequestHandler):
    def handle_one_request(self):
        self.raw_requestline = self.rfile.readline(65_537)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.close_connection = True
        does = self.server.does
        if does is None or not self.path.startswith(self.server.where):
            self.say(*self.behind())
        else:
            does(self)

    def behind(self):
        server = HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        server.request(self.command, self.path, self.body, dict(self.headers))
        answer: HTTPResponse = server.getresponse()
        said = answer.status, dict(answer.getheaders()), answer.read()
        server.close()
        return said

    def say(self, status, headers, body):
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(b"" if status in (204, 304) else body)

    def log_message(self, *arguments):
        """Nothing: a test fails or does not."""


class Proxy(ThreadingHTTPServer):
    """``does`` and ``where``, the start of the addresses that it is done to, may change at any time."""

    daemon_threads = True
    request_queue_size = 50

    def __init__(self, port):
        super().__init__(("127.0.0.1", 0), Handler)
        self.port, self.does, self.where = port, None, "/"
        self.ended = threading.Event()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def misbehaving(port):
    with Proxy(port) as proxy:
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        yield proxy
        proxy.ended.set()
        proxy.shutdown()
