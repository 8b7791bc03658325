"""Paths as logs show them: who knows a reset, share or calendar link holds what it opens."""

import logging
import re

LONG_PART = re.compile(r"[^/\s]{24,}")
# Whatever a terminal or a program that reads logs could take for the end of a line or an order.
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def on_one_line(text: str) -> str:
    """The text with its control characters spelt out: a request cannot write a second line."""
    return CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def shorten(path: str) -> str:
    """The path with every part of 24 or more characters left out."""
    return on_one_line(LONG_PART.sub("…", path))


class ShortPaths(logging.Filter):
    """For log messages that have the path of a request among their values."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(map(_shown, record.args))
        return True


def _shown(value: object) -> object:
    if not isinstance(value, str):
        return value
    return shorten(value) if value.startswith("/") else on_one_line(value)
