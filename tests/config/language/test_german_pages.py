"""Every page in German: nothing of it is still English, and days and numbers are written its way."""

import json
import re
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from apps.demo.rows import keep_diary
from tests.browser.pages import answers
from tests.factories import UserFactory

# A diary of half a year may have begun in the year before, and midnight may pass meanwhile.
YEARS = [timezone.localdate().year + more for more in (-1, 0, 1)]
SHORT = ("Jan", "Feb", "Apr", "Jun", "Jul", "Aug", "Sep", "Nov")
# What is the same in both languages: names, and words that German has taken over.
SAME = {
    "diary.csv",  # a file that waits to be imported
    "Band",
    "Check-in",
    "Check-ins",
    "Code",
    "Deutsch",
    "Did it work?",
    "English",
    "Filter",
    "JSON",
    "Massage",
    "Name",
    "Passkeys",
    "Stress",
    f"Version {settings.VERSION}",
    "Firefox, Android",  # a device, as its browser names it
    # Months: the short names of the other eight differ or never stand alone.
    *(
        f"{mark}{month} {year}"
        for year in YEARS
        for mark in ("", "← ")
        for month in ("April", "August", "September", "November")
    ),
    # What the person called it, or whom.
    *("Sam, physiotherapist", "Sciatica", "Sit through a film", "Bridge, 3 × 10: slowly"),
    *(f"{mark}{month}" for mark in ("", "← ") for month in SHORT),
    *(f"Jan {year}" for year in YEARS),  # where a picture's year begins
}
# What the cells of a file hold, on the page that says so.
CODES = re.compile(r"[a-z_]+(?:[;,] ?[a-z_]+)+")
IS_CODE = {"code", "script", "style", "option", "title"}
FOR_MACHINES = {"kind", "key", "side", "verdict", "why_unsure"}  # in what charts draw
READ_OUT = ("aria-label", "alt", "placeholder", "title", "data-confirm")
ENGLISH_DAY = re.compile(
    r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b"
    r"|\b\d{1,2} (?:January|February|March|May|June|July|October|December|Oct|Dec)\b"
)
ENGLISH_NUMBER = re.compile(r"(?<![\d.])(?<!iOS )\d+\.\d(?![\d.])")

pytestmark = pytest.mark.django_db


class Words(HTMLParser):
    """What a page says: its texts, what is read out, and the words that its charts draw."""

    def __init__(self, html):
        super().__init__()
        self.said, self.inside, self.language = set(), [], None
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.language = given.get("lang") if tag == "html" else self.language
        self.inside.append("json" if given.get("type") == "application/json" else tag)
        for name in READ_OUT:
            self.say(given.get(name) or "")
        if tag in {"input", "meta", "link", "img", "br", "path", "circle", "use"}:
            self.inside.pop()

    def handle_endtag(self, tag):
        if self.inside:
            self.inside.pop()

    def handle_data(self, data):
        if self.inside and self.inside[-1] == "json":
            self.say_all(json.loads(data))
        elif not IS_CODE & set(self.inside[-1:]):
            self.say(data)

    def say_all(self, value):
        if isinstance(value, dict):
            value = [each for name, each in value.items() if name not in FOR_MACHINES]
        if isinstance(value, list):
            for each in value:
                self.say_all(each)
        elif isinstance(value, str):
            self.say(value)

    def say(self, text):
        text = " ".join(text.split()).strip(" ,.:;–→·")
        if re.search(r"[^\W\d_]{2}", text):
            self.said.add(text)


def read(language):
    """What each page says to somebody of that language, who has the demo's diary in it."""
    user = UserFactory(language=language, email=f"{language}@example.com")
    with translation.override(language):
        keep_diary(user, at=timezone.now())
    return {
        (name, is_logged_in): Words(answer.content.decode())
        for name, _path, is_logged_in, answer in answers(
            user, headers={"accept-language": language}
        )
    }


@pytest.fixture(scope="module")
def both(django_db_setup, django_db_blocker):
    """Read once for all that looks at it."""
    with django_db_blocker.unblock(), transaction.atomic():
        found = read("en-gb"), read("de")
        transaction.set_rollback(True)
    return found


def test_no_page_in_german_has_english_left(both):
    english, german = both
    assert english.keys() == german.keys()
    left = {
        text: name
        for name, words in german.items()
        for text in words.said & english[name].said - SAME
        if not (name[0] == "your_data:data" and CODES.fullmatch(text))
    }
    assert left == {}


def test_every_german_page_says_that_it_is_german(both):
    assert {words.language for words in both[0].values()} == {"en-gb"}
    assert {words.language for words in both[1].values()} == {"de"}


def test_days_and_numbers_of_german_pages_are_written_its_way(both):
    said = {text for words in both[1].values() for text in words.said}
    assert [text for text in said if ENGLISH_DAY.search(text)] == []
    assert [text for text in said if ENGLISH_NUMBER.search(text)] == []
    assert any(re.search(r"\d,\d", text) for text in said)
