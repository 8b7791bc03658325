"""Nobody outside writes into the log, and nothing of anybody stands in it."""

import logging
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.mail import EmailMessage
from gunicorn.config import Config

from config.start import gunicorn
from config.web.dropped_mail import EmailBackend
from config.web.short_paths import ShortPaths, on_one_line, shorten


@pytest.mark.parametrize(
    "control", ["\n", "\r", "\x1b", "\x00", "\x7f", "\x85", "\u2028", "\u2029"]
)
def test_control_characters_are_spelt_out(control):
    written = shorten(f"/a{control}GET /b 200")
    assert (control in written, written.splitlines()) == (False, [written])
    record = logging.LogRecord("x", 40, "x.py", 1, "%s: %s", (f"/a{control}", f"b{control}"), None)
    assert ShortPaths().filter(record)
    assert control not in record.getMessage()


def test_other_text_stays_as_it_is():
    assert on_one_line("Schmerz, größer: 7 °C\\n") == "Schmerz, größer: 7 °C\\n"


def test_path_cannot_forge_a_line_of_the_access_log():
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/x\nGET /healthz 200 2 bytes", "RAW_URI": "/"}
    environ["SERVER_PROTOCOL"] = "HTTP/1.1"
    response = SimpleNamespace(status="404 Not Found", sent=10, headers=[])
    log = gunicorn.Logger(Config())
    atoms = log.atoms(response, SimpleNamespace(headers=[]), environ, timedelta(0))
    assert gunicorn.access_log_format % atoms == (
        "GET /x\\x0aGET /healthz 200 2 bytes 404 10 bytes 0 ms"
    )


def test_unreadable_request_is_told_without_its_address_or_words(caplog):
    log = gunicorn.Logger(Config())
    log.error_log.addHandler(caplog.handler)
    try:
        log.warning("Invalid request from ip=192.0.2.7: Invalid HTTP method: 'x\n'")
    finally:
        log.error_log.removeHandler(caplog.handler)
    assert [record.getMessage() for record in caplog.records] == ["A request could not be read."]


@pytest.mark.parametrize(
    ("path", "extra"),
    [
        ("/", {"headers": {"host": "another.example"}}),
        ("/accounts/login/?next=%00", {"headers": {"host": "a\nb"}}),
        (
            "/s/abc/open",
            {"data": "x=1&" * 2000, "content_type": "application/x-www-form-urlencoded"},
        ),
    ],
)
def test_refused_request_leaves_no_traceback(client, db, capfd, path, extra):
    method = client.post if "data" in extra else client.get
    assert method(path, **extra).status_code == 400
    out, err = capfd.readouterr()
    assert (out, err) == ("", "")


def test_security_lines_reach_the_console_and_refusals_do_not():
    loggers = {name: logger["level"] for name, logger in settings.LOGGING["loggers"].items()}
    assert loggers == {"security": "INFO", "django.request": "ERROR", "django.security": "CRITICAL"}


def test_mail_that_nobody_can_send_is_not_written_to_the_log(caplog):
    link = "https://diary.example/accounts/password/reset/key/1-secret/"
    message = EmailMessage("Reset", link, "a@example.com", ["alice@example.com"])
    assert EmailBackend().send_messages([message]) == 0
    assert caplog.messages == ["Mails not sent, because EMAIL_HOST is not set: 1."]
