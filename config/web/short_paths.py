"""Paths as logs show them: who knows a reset, share or calendar link holds what it opens."""

import logging
import re

LONG_PART = re.compile(r"[^/\s]{24,}")


def shorten(path: str) -> str:
    """The path with every part of 24 or more characters left out."""
    return LONG_PART.sub("…", path)


class ShortPaths(logging.Filter):
    """For log messages that have the path of a request among their values."""

    def filter(self, record):
        if isinstance(record.args, tuple):
            record.args = tuple(
                shorten(value) if isinstance(value, str) and value.startswith("/") else value
                for value in record.args
            )
        return True
