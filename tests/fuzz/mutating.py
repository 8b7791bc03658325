"""Requests as nobody should send them: by a seed, so that each can be sent again."""

import random
import re
from html.parser import HTMLParser
from urllib.parse import quote, urlencode

from django.core.files.uploadedfile import SimpleUploadedFile

METHODS = ["GET", "POST", "POST", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]
VALUES = [
    *("", " ", "0", "-1", "10", "11", "1e400", "NaN", "Infinity", "0x10", "³", "٣", "1,5", "1_0"),
    *("9" * 19, "9" * 5000, "-9223372036854775809", "2147483648", "true", "null", "[]", "{}"),
    *("\x00", "a\x00b", "\ud800", "\U0001f600", "\u202e", "\r\nX: y", "%00", "%ff", "é" * 300),
    *(
        "x" * 5001,
        "x" * 200_000,
        "' OR 1=1 --",
        "<script>alert(1)</script>",
        "{{ 7*7 }}",
        "../../x",
    ),
    *("0001-01-01", "9999-12-31", "2026-02-30", "9999-12-31T23:59", "2026-03-29T02:30", "25:61"),
    *("0001-01-01T00:00+14:00", "left", "neither", "bladder", "both_legs", "csv", "en-gb", "de"),
    *("00000000-0000-0000-0000-000000000000", "not-a-uuid", "Europe/London", "Mars/Olympus"),
    *("http://example.com/", "//example.com", "javascript:alert(1)", "/today/", "on", "off"),
]
NAMES = [
    *(
        "page",
        "side",
        "from",
        "to",
        "day",
        "first_day",
        "last_day",
        "condition",
        "treatment",
        "next",
    ),
    *(
        "month",
        "kind",
        "language",
        "version",
        "client_id",
        "undo",
        "more",
        "no_pain",
        "seconds_ago",
    ),
    *("typed_ago", "kept_for", "discard_typed", "csrfmiddlewaretoken", "form-TOTAL_FORMS", "a[b]"),
]
FILES = [
    *(b"", b"\x00" * 100, b"\xff\xfe\x00", b"kind,at\nx", b"{", b'{"format":1}', b"[" * 3000),
    *(b"kind,at,leg_pain\ncheck_in,2026-03-10T09:00,3\n", b'"\n', b"PK\x03\x04", b";;;\n1;2;3\n"),
    *(b'{"format":"did-it-work","version":2,"person":{},"tables":{}}', "ü,ä\n1,2".encode("utf-16")),
]
HEADERS = {
    "HTTP_ACCEPT_LANGUAGE": ["de", "xx-yy;q=9", "\x00", "a" * 5000, "*"],
    "HTTP_COOKIE": ["sessionid=x", "sessionid=" + "a" * 32, "csrftoken=\xff", "a=b;" * 500, "=;=;"],
    "HTTP_HOST": ["example.com", "localhost:99999", "[::1", "a b", "testserver:80"],
    "HTTP_X_FORWARDED_FOR": ["1.2.3.4, x", "::", "\x00", "1" * 300],
    "HTTP_IF_NONE_MATCH": ['"x"', "*", '"'],
    "HTTP_IF_MODIFIED_SINCE": ["yesterday", "Fri, 31 Feb 9999 99:99:99 GMT"],
    "HTTP_RANGE": ["bytes=0-", "bytes=9-1"],
    "HTTP_ACCEPT": ["application/json", "*/*;q=x", ""],
    "HTTP_REFERER": ["http://[", "x" * 3000],
    "HTTP_USER_AGENT": ["", "bot\x00", "x" * 3000],
    "HTTP_ACCEPT_ENCODING": ["gzip", "br;q=x"],
    "HTTP_X_REQUESTED_WITH": ["XMLHttpRequest"],
}
CONTENT_TYPES = [
    *("application/json", "text/plain", "multipart/form-data", "multipart/form-data; boundary=é"),
    *("application/x-www-form-urlencoded; charset=utf-7", "application/x-www-form-urlencoded"),
    *("application/x-www-form-urlencoded; charset=nonsense", "x", ""),
]


class Fields(HTMLParser):
    """Names of what a page's forms would send, with what they would send as it came."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag in {"input", "select", "textarea", "button"} and given.get("name"):
            self.found.setdefault(given["name"], []).append(given.get("value") or "")


def fields_of(page: str) -> dict[str, list[str]]:
    parser = Fields()
    parser.feed(page)
    return parser.found


def mutated(chance: random.Random, path: str, fields: dict[str, list[str]]) -> dict:
    """Arguments for ``Client.generic`` or ``Client.post``: one request to, or near, the path."""
    request = {"method": chance.choice(METHODS), "path": _path(chance, path)}
    if chance.random() < 0.3:
        request["path"] += "?" + urlencode(_pairs(chance, {}), errors="surrogatepass")
    if chance.random() < 0.2:
        name = chance.choice(list(HEADERS))
        request["headers"] = {name: chance.choice(HEADERS[name])}
    if request["method"] in {"POST", "PUT", "PATCH"}:
        request |= _body(chance, fields)
    return request


def _path(chance, path):
    """As it is, mostly; or with another number, day, word or ending."""
    if chance.random() < 0.75:
        return path
    parts = path.split("/")
    place = chance.randrange(len(parts))
    numbers = ["0", "-1", "9" * 30, "13", "32", "0000", "%00", "%ff", "%F0%9F%98%80", "..", "a b"]
    parts[place] = chance.choice([*numbers, parts[place] * 2, parts[place].upper(), ""])
    return re.sub(r"[^\x21-\x7e]", lambda found: quote(found[0]), "/".join(parts)) or "/"


def _body(chance, fields):
    kind = chance.random()
    if kind < 0.1:
        content = chance.choice([b"", b"\xff" * 50, b'{"a":', b"a=%zz&b", b"&=&==" * 50])
        return {"data": content, "content_type": chance.choice(CONTENT_TYPES)}
    pairs = _pairs(chance, fields)
    if kind < 0.25 or "file" in fields:
        name = chance.choice(["a.csv", "a.json", "x" * 300, "..", "\x00.csv"])
        file = SimpleUploadedFile("a.csv", chance.choice(FILES))
        file._name = name
        return {"form": [*pairs, ("file", file)]}
    body = urlencode(pairs, errors="surrogatepass").encode()
    return {"data": body, "content_type": "application/x-www-form-urlencoded"}


def _pairs(chance, fields):
    """What the form would send, with some of it changed, left out, sent twice or added."""
    pairs = [(name, chance.choice(values)) for name, values in fields.items()]
    for _time in range(chance.choice([1, 1, 1, 2, 3, 5])):
        doing = chance.random()
        if pairs and doing < 0.7:
            place = chance.randrange(len(pairs))
            pairs[place] = pairs[place][0], chance.choice(VALUES)
        elif pairs and doing < 0.8:
            pairs.pop(chance.randrange(len(pairs)))
        else:
            known = [*NAMES, *fields]
            pairs.append((chance.choice(known), chance.choice(VALUES)))
    return pairs
