"""A counter between the browser and the server: what crosses the wire, whoever asks for it.

A browser's own figures leave out what its service worker fetches.
"""

import socket
import socketserver
import threading
from contextlib import contextmanager


class Wire(socketserver.ThreadingTCPServer):
    """``paths`` in the order asked for; ``received``: bytes of all answers, headers included."""

    daemon_threads = True
    request_queue_size = 50

    def __init__(self, port):
        super().__init__(("127.0.0.1", 0), Connection)
        self.behind = port
        self.paths, self.received = [], 0
        self.lock = threading.Lock()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"


class Connection(socketserver.BaseRequestHandler):
    def handle(self):
        with socket.create_connection(("127.0.0.1", self.server.behind)) as behind:
            threading.Thread(target=self.bring_back, args=[behind], daemon=True).start()
            while asked := read(self.request):
                with self.server.lock:
                    self.server.paths.append(asked.split(b" ", 2)[1].decode())
                behind.sendall(asked)
            behind.shutdown(socket.SHUT_RDWR)  # or the thread that reads would keep it open

    def bring_back(self, behind):
        while answered := read(behind):
            with self.server.lock:
                self.server.received += len(answered)
            self.request.sendall(answered)


def read(end):
    try:
        return end.recv(65_536)
    except OSError:  # closed by the other side
        return b""


@contextmanager
def counted(port):
    with Wire(port) as wire:
        threading.Thread(target=wire.serve_forever, daemon=True).start()
        yield wire
        wire.shutdown()
