"""Where DATABASE_URL says that the database is: on one host, or on the first of several that takes
changes.

    postgresql://user:password@one:5432,two:5432/name

libpq asks the hosts in turn, so a promotion is found by the next connection, without a restart.
"""

from typing import Any
from urllib.parse import urlsplit

import dj_database_url

# Seconds, but for the last. A host that is gone without a word is found out: on connecting, while
# an answer is waited for (after 10 + 3 × 5 s), and while something is sent. Sockets ignore these.
PATIENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
FIRST_THAT_TAKES_CHANGES = {"target_session_attrs": "read-write"}


def parse(url: str, **settings: Any) -> dict[str, Any]:
    """As Django's settings want it. What the address says behind its ``?`` has the last word."""
    found = urlsplit(url)
    log_in, at, places = found.netloc.rpartition("@")
    first, *others = places.split(",")
    if others:
        url = found._replace(netloc=f"{log_in}{at}{first}").geturl()
    parsed: dict[str, Any] = {**dj_database_url.parse(url, **settings)}
    options = parsed.get("OPTIONS", {})
    if others:
        each = [urlsplit(f"//{place}") for place in (first, *others)]
        parsed["HOST"] = ",".join(place.hostname or "" for place in each)
        parsed["PORT"] = ",".join(str(place.port or 5432) for place in each)
        options = FIRST_THAT_TAKES_CHANGES | options
    parsed["OPTIONS"] = PATIENCE | options
    return parsed
