"""When two names that a person gave are the same: as somebody sees them, not as they are stored."""

import re
import unicodedata

INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufe0e\ufe0f\ufeff]")


def as_seen(name: str) -> str:
    """The same for names that look the same: of one Unicode spelling (NFC), without what nobody
    sees, with single spaces, in no capitals (so that Straße is STRASSE)."""
    visible = INVISIBLE.sub("", unicodedata.normalize("NFC", name))
    return unicodedata.normalize("NFC", " ".join(visible.split()).casefold())
