"""People who write into a diary over HTTP while something breaks, and what they were answered.

Each logs in with a password, writes check-ins one after the other, and does as the diary's own
script does: what was not answered is sent again, with the same ``client_id``, until it is.
"""

import http.client
import threading
import time
import uuid
from collections.abc import Callable
from http.cookies import SimpleCookie
from urllib.parse import urlencode

PASSWORD = "written while it breaks"
MOST_OF_ONE = 400  # check-ins: the diary takes 500 a day of one person
NOT_NOW = {429, 503}  # the script asks again later
PAUSE_SECONDS = 0.1  # after what was not answered
TIMEOUT_SECONDS = 70
LOG_IN, WRITE = "/accounts/login/", "/check-ins/new/"

MAKE = """
import django
django.setup()
from tests.factories import UserFactory, hashed
password = hashed("written while it breaks")
for number in range({count}):
    email = f"writer{{number}}@example.com"
    UserFactory(email=email, password=password).emailaddress_set.create(email=email, verified=True, primary=True)
"""


class NoAnswerError(Exception):
    """Nobody answered, or not with what was asked for."""


class Browser:
    """One connection at a time, and its cookies."""

    def __init__(self, place: str) -> None:
        self.place, self.cookies, self.body = place, SimpleCookie(), b""
        self.connection: http.client.HTTPConnection | None = None

    def send(self, method: str, path: str, fields: dict | None = None) -> tuple[int, str]:
        """Status and where it leads; raises NoAnswerError."""
        try:
            return self._send(method, path, fields)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise NoAnswerError(type(error).__name__) from None

    def _send(self, method, path, fields):
        if self.connection is None:
            self.connection = http.client.HTTPConnection(self.place, timeout=TIMEOUT_SECONDS)
        cookies = "; ".join(f"{name}={each.value}" for name, each in self.cookies.items())
        headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        token = self.cookies["csrftoken"].value if "csrftoken" in self.cookies else ""
        body = urlencode((fields or {}) | {"csrfmiddlewaretoken": token}) if fields else None
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        self.body = response.read()
        for cookie in response.headers.get_all("Set-Cookie") or []:
            self.cookies.load(cookie)
        if response.will_close:
            self.close()
        return response.status, response.headers.get("Location") or ""

    def close(self) -> None:
        if self.connection:
            self.connection.close()
        self.connection = None


def log_in(place: str, email: str, expect: Callable) -> Browser:
    """By the form, with the password. ``expect`` looks at each answer, with the status wanted."""
    browser = Browser(place)
    try:
        expect(browser.send("GET", LOG_IN), 200)
        expect(browser.send("POST", LOG_IN, {"login": email, "password": PASSWORD}), 302)
    except NoAnswerError:
        browser.close()
        raise
    return browser


class Writer(threading.Thread):
    """Writes until told to stop; ``answered`` holds what it was told is saved."""

    def __init__(self, place: str, emails: list[str]) -> None:
        super().__init__(daemon=True)
        self.place, self.emails = place, emails
        self.answered: set[uuid.UUID] = set()
        self.unanswered = 0
        self.refused: list[tuple[int, str]] = []  # answers that are neither "saved" nor "not now"
        self.is_over = threading.Event()

    def run(self) -> None:
        for email in self.emails:
            if self.is_over.is_set():
                return
            browser = self._until_answered(
                lambda email=email: log_in(self.place, email, self._expect)
            )
            if browser:
                self._write(browser)
                browser.close()

    def _write(self, browser: Browser) -> None:
        for _number in range(MOST_OF_ONE):
            if self.is_over.is_set():
                return
            fields = {"client_id": uuid.uuid4(), "leg_pain": "3", "side": "left"}
            if self._until_answered(lambda fields=fields: self._saved(browser, fields)):
                self.answered.add(fields["client_id"])

    def stop(self) -> None:
        self.is_over.set()

    def _until_answered(self, ask):
        """What was asked for, however often it takes; none where the time is over."""
        while True:
            try:
                return ask()
            except NoAnswerError:
                self.unanswered += 1
                if self.is_over.wait(PAUSE_SECONDS):
                    return None

    def _saved(self, browser, fields):
        _status, leads_to = self._expect(browser.send("POST", WRITE, fields), 302)
        if leads_to.startswith(LOG_IN):
            self.refused.append((302, leads_to))
            raise NoAnswerError("logged out")
        return True

    def _expect(self, answer, status):
        if answer[0] != status:
            if answer[0] not in NOT_NOW:
                self.refused.append(answer)
            raise NoAnswerError(answer[0])
        return answer


class Crowd:
    """Several of them at once, each with accounts of its own."""

    def __init__(self, place: str, writers: int, accounts: int) -> None:
        emails = [f"writer{number}@example.com" for number in range(writers * accounts)]
        self.writers = [Writer(place, emails[number::writers]) for number in range(writers)]

    def __enter__(self) -> "Crowd":
        for writer in self.writers:
            writer.start()
        return self

    def __exit__(self, *exception: object) -> None:
        for writer in self.writers:
            writer.stop()
        for writer in self.writers:
            writer.join(TIMEOUT_SECONDS + 10)

    @property
    def answered(self) -> set[uuid.UUID]:
        return set().union(*(writer.answered.copy() for writer in self.writers))

    @property
    def refused(self) -> list[tuple[int, str]]:
        return [answer for writer in self.writers for answer in writer.refused]

    @property
    def unanswered(self) -> int:
        return sum(writer.unanswered for writer in self.writers)

    def all_write_again(self, seconds: float, tend: Callable[[], None]) -> float | None:
        """How long until each has had an answer from now on; none if it takes too long.

        ``tend`` is what an init system does meanwhile.
        """
        before = [len(writer.answered) for writer in self.writers]
        started = time.monotonic()
        while time.monotonic() - started < seconds:
            now = [len(writer.answered) for writer in self.writers]
            if all(new > old for new, old in zip(now, before, strict=True)):
                return time.monotonic() - started
            tend()
            time.sleep(0.05)
        return None
