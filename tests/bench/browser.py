"""As little of a browser as it takes to time requests: one kept connection and its cookies."""

import http.client
import time
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit

CSRF = "b" * 32
IDLE_SECONDS = 2  # the server closes what has been idle for some seconds


@dataclass
class Answer:
    seconds: float
    status: int
    body: bytes
    queries: str


class Browser:
    def __init__(self, url, session):
        self.connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=120)
        self.used_at = 0.0
        self.headers = {
            "Cookie": f"sessionid={session}; csrftoken={CSRF}",
            "Accept-Encoding": "identity",
        }

    def get(self, path, **headers):
        return self._send("GET", path, None, headers)

    def post(self, path, fields, **headers):
        body = urlencode({**fields, "csrfmiddlewaretoken": CSRF})
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        return self._send("POST", path, body, headers)

    def _send(self, method, path, body, headers):
        if time.perf_counter() - self.used_at > IDLE_SECONDS:
            self.connection.close()
            self.connection.connect()
        started = time.perf_counter()
        self.connection.request(method, path, body, self.headers | headers)
        response = self.connection.getresponse()
        content = response.read()
        self.used_at = time.perf_counter()
        if response.status not in {200, 302, 303}:
            raise RuntimeError(f"{method} {path} answered {response.status}")
        return Answer(
            self.used_at - started, response.status, content, response.headers.get("X-Queries", "–")
        )


class FormFields(HTMLParser):
    """The fields that a browser would send for the form with this action, left as it came."""

    def __init__(self, action):
        super().__init__()
        self.action, self.is_inside, self.fields = action, False, {}

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.is_inside = attrs.get("action") == self.action
        elif tag == "input" and self.is_inside and attrs.get("name"):
            is_choice = attrs.get("type") in {"radio", "checkbox"}
            if not is_choice or "checked" in attrs:
                self.fields[attrs["name"]] = attrs.get("value") or ""
