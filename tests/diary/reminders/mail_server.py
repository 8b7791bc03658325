"""A real SMTP server on this machine, for the tests of mails."""

import asyncio
import threading
from contextlib import contextmanager
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller

from tests.servers import free_port

HANGS_FOR = 2  # seconds


class Postbox:
    """Keeps what arrives; refuses the addresses in ``refused``, and hangs up on ``cut_off``.

    ``answers`` has a line for each step (MAIL, RCPT, DATA) that is answered with something else.
    A step in ``hangs`` is not answered; ``reached`` is set once it has come so far. What hangs or
    is refused at DATA has arrived whole.
    """

    def __init__(self, refused=(), cut_off=()):
        self.refused, self.cut_off, self.mails = set(refused), set(cut_off), []
        self.answers, self.hangs, self.reached = {}, set(), threading.Event()
        self.connected = 0

    async def step(self, name, otherwise="250 OK"):
        if name in self.hangs:
            self.reached.set()
            await asyncio.sleep(HANGS_FOR)
        return self.answers.get(name, otherwise)

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802 (aiosmtpd's name)
        self.connected += 1
        answer = await self.step("MAIL")
        if answer.startswith("250"):
            envelope.mail_from = address
        return answer

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 (aiosmtpd's name)
        answer = await self.step("RCPT")
        if not answer.startswith("250"):
            return answer
        if address in self.cut_off:
            server.transport.abort()
        if address in self.refused:
            return f"550 {address} is not known here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 (aiosmtpd's name)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        answer = self.answers.get("DATA", "250 OK")
        if answer.startswith("250"):
            self.mails.append((envelope.rcpt_tos, mail))
        return await self.step("DATA")

    @property
    def received_by(self):
        return sorted(address for addresses, _mail in self.mails for address in addresses)


@contextmanager
def mail_server(settings, **refusals):
    """Django's settings point to the server for as long as the block; yields its postbox."""
    box = Postbox(**refusals)
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    settings.EMAIL_USE_TLS = False
    try:
        yield box
    finally:
        controller.stop()
