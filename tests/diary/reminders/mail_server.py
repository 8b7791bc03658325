"""A real SMTP server on this machine, for the tests of mails."""

from contextlib import contextmanager
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller

from tests.servers import free_port


class Postbox:
    """Keeps what arrives; refuses the addresses in ``refused``, and hangs up on ``cut_off``."""

    def __init__(self, refused=(), cut_off=()):
        self.refused, self.cut_off, self.mails = set(refused), set(cut_off), []

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 (aiosmtpd's name)
        if address in self.cut_off:
            server.transport.abort()
        if address in self.refused:
            return f"550 {address} is not known here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 (aiosmtpd's name)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.mails.append((envelope.rcpt_tos, mail))
        return "250 OK"

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
