"""Where no mail server is named and many people's mails would stand in one log."""

import logging

from django.core.mail.backends.base import BaseEmailBackend

logger = logging.getLogger(__name__)


class EmailBackend(BaseEmailBackend):
    def send_messages(self, messages):
        """Sends none: says how many, and not to whom or what."""
        logger.warning("Mails not sent, because EMAIL_HOST is not set: %s.", len(messages))
        return 0
