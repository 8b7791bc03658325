"""gunicorn's threads, for requests that have arrived; what is still on its way waits outside.

A thread that reads from somebody slow does nothing else, and there are eight. So a connection
first waits where all that are idle wait (the poller, which costs nothing) until the system has its
head and its body, up to 128 KB of it. They are looked at without being taken, and the system is
asked (``SO_RCVLOWAT``) to wake us at the byte that is missing, not at each that comes. Whoever has
not sent that within ten seconds is cut off. Answers up to some 400 KB go into the system's buffer
at once, whether somebody reads them or not.

Longer bodies are uploads: config/web/middleware.py refuses them unread of anybody unknown, and
they end after two minutes here. Connections that gunicorn itself encrypts are not looked into.
"""

import re
import selectors
import socket
import time
from collections import deque
from concurrent.futures import Future
from contextlib import suppress
from functools import partial

from gunicorn.http import Request, RequestParser
from gunicorn.workers.gthread import TConn, ThreadWorker

ARRIVES_WITHIN, UPLOADED_WITHIN, HANGS_UP_WITHIN = 10, 120, 2  # seconds
LONGEST_HEAD = 32 * 1024  # bytes; gunicorn refuses longer ones
SHORT_BODY = 128 * 1024  # bytes
SENT_AT_ONCE = 1024 * 1024  # bytes, of which most systems grant less
END_OF_HEAD = b"\r\n\r\n"
LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,12})[ \t]*\r\n", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)


def wanted(arrived: bytes) -> int:
    """How many bytes there must be before a thread takes the request; more than there are: wait."""
    end = arrived.find(END_OF_HEAD)
    if end < 0:
        return len(arrived) + (len(arrived) < LONGEST_HEAD)
    length = LENGTH.search(arrived, 0, end + 2)
    return end + len(END_OF_HEAD) + min(int(length[1]) if length else 0, SHORT_BODY)


def is_long(arrived: bytes) -> bool:
    """Whether a thread will have to wait for more than is looked at here."""
    head = arrived[: arrived.find(END_OF_HEAD) + 2]
    length = LENGTH.search(head)
    return bool(CHUNKED.search(head)) or bool(length and int(length[1]) > SHORT_BODY)


class Caller(TConn):
    """A connection that waits here; ``seen`` are the bytes of its request that have arrived."""

    timeout: float
    seen: int
    is_long: bool


class Worker(ThreadWorker):
    def init_process(self) -> None:
        self.uploads: deque[tuple[float, Caller]] = deque()  # until when, the oldest first
        self.closing: deque[Caller] = deque()
        super().init_process()

    def accept(self, listener: socket.socket) -> None:
        if self.cfg.is_ssl:
            super().accept(listener)
            return
        try:
            client_sock, client_addr = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return  # another worker was faster, or the caller has gone
        self.nr_conns += 1
        client_sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SENT_AT_ONCE)
        self._wait_for(Caller(self.cfg, client_sock, client_addr, listener.getsockname()))

    def on_client_socket_readable(self, conn: TConn, client: socket.socket) -> None:
        """The next request on a connection that was kept."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._wait_for(conn) if isinstance(conn, Caller) else self.enqueue_req(conn)

    def _wait_for(self, conn: Caller) -> None:
        conn.seen, conn.is_long = 0, False
        conn.timeout = time.monotonic() + ARRIVES_WITHIN
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._look, conn))

    def _look(self, conn: Caller, client: socket.socket) -> None:
        try:
            arrived = client.recv(LONGEST_HEAD + SHORT_BODY, socket.MSG_PEEK)
        except BlockingIOError:
            return
        except OSError:
            arrived = b""
        least = wanted(arrived)
        if least > len(arrived) > conn.seen:  # else it is there, or the caller sends no more
            conn.seen = len(arrived)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, least)
            return
        if arrived:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1)
        if is_long(arrived):
            conn.is_long = True
            self.uploads.append((time.monotonic() + UPLOADED_WITHIN, conn))
        self.on_pending_socket_readable(conn, client)

    def murder_pending(self) -> None:
        super().murder_pending()
        while self.uploads and self.uploads[0][0] < time.monotonic():
            _moment, conn = self.uploads.popleft()
            if conn.is_long:
                conn.sock.shutdown(socket.SHUT_RD)  # its thread reads an end; the answer still goes

        while self.closing and self.closing[0].timeout < time.monotonic():
            self._close(self.closing[0])

    def finish_request(self, conn: TConn, fs: Future[bool]) -> None:
        """gunicorn waits here, for all, until a caller who was answered hangs up: two seconds."""
        is_over = not fs.cancelled() and fs.exception() is None and fs.result() is False
        if isinstance(conn, Caller):
            conn.is_long = False
        if not is_over or not isinstance(conn, Caller):
            super().finish_request(conn, fs)
            return
        conn.timeout = time.monotonic() + HANGS_UP_WITHIN
        self.closing.append(conn)
        try:
            conn.sock.setblocking(False)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._pour_away, conn))
            conn.sock.shutdown(socket.SHUT_WR)
        except (OSError, ValueError):
            self._close(conn)

    def _pour_away(self, conn: Caller, client: socket.socket) -> None:
        """What is still sent after an answer: unread, it would take the answer back (a reset)."""
        try:
            is_gone = not client.recv(LONGEST_HEAD)
        except BlockingIOError:
            return
        except OSError:
            is_gone = True
        if is_gone:
            self._close(conn)

    def _close(self, conn: Caller) -> None:
        self.closing.remove(conn)
        with suppress(OSError, KeyError, ValueError):
            self.poller.unregister(conn.sock)
        self.nr_conns -= 1
        conn.close()

    def handle_request(self, req: Request, conn: TConn) -> bool:
        """Nothing is kept after a long body: a thread would wait for what was not read of it.

        The answer says so: who sends the next request into a closed connection gets none.
        """
        if isinstance(conn, Caller) and conn.is_long:
            req.force_close()
            super().handle_request(req, conn)
            return False
        return super().handle_request(req, conn)

    def handle(self, conn: TConn) -> bool:
        """Nor with a part of a next request in hand: nobody would look at it."""
        is_kept, parser = super().handle(conn), conn.parser
        return is_kept and not (
            isinstance(parser, RequestParser) and parser.unreader.buf.getvalue()
        )
