"""More than one machine, in small: a primary, a standby that takes over, and a pooler."""

import tempfile
import uuid
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path

import pytest

from config.postgres import connections
from tests.config.postgres.pair import ON_BOTH, POOLERS, USERS, pair, pooler
from tests.config.recovery.databases import ask, fill, manage
from tests.config.start.test_production import start
from tests.faults import writers
from tests.faults.writers import Crowd
from tests.servers import SERVE, free_port, running, status_of

OWN = {
    "SECRET_KEY": "k" * 50,
    "WEB_DATABASE_PASSWORD": "of-the-web",
    "WORK_DATABASE_PASSWORD": "of-the-work",
    "EMAIL_HOST": "",
}


def standing_by():
    """Nobody starts anything again."""


SAVED = "SELECT client_id FROM diary_checkin"


@pytest.fixture(scope="module")
def servers(tables):
    """Not tmp_path: the account of the servers must be able to enter it."""
    directory = Path(tempfile.mkdtemp(prefix="did-it-work-pair-"))
    directory.chmod(0o711)
    with pair(directory) as both:
        primary = both[0]
        fill(primary.url, tables)
        done = manage(primary.url, code="from config.start.prepare import main; main()", **OWN)
        assert done.stderr == ""
        made = manage(primary.url, code=writers.MAKE.format(count=8), **OWN)
        assert made.stderr == ""
        primary.set(ON_BOTH)
        yield both


def test_too_many_threads_are_refused_at_the_start_in_one_sentence(servers):
    primary, _standby = servers
    asked = {"DATABASE_URL": primary.url, "WEB_THREADS": "30", "PORT": str(free_port())}
    result = start(*SERVE, **OWN, **asked)
    said = connections.TOO_MANY.format(workers=2, threads=30, needed=65, allowed=57)
    assert (result.returncode, result.stderr) == (1, f"{said}\n")


@pytest.mark.parametrize("program", POOLERS)
def test_pooler_that_shares_sessions_is_refused_at_the_start(servers, program):
    with pooler(program, servers[0], "transaction") as url:
        result = start(*SERVE, **OWN, DATABASE_URL=url, PORT=str(free_port()))
    assert (result.returncode, result.stderr) == (1, f"{connections.SHARED}\n")


def seen(answer, wanted):
    assert answer[0] == wanted


def write(browser, number):
    for _time in range(number):
        fields = {"client_id": uuid.uuid4(), "leg_pain": "3", "side": "left"}
        seen(browser.send("POST", "/check-ins/new/", fields), 302)


def exported(browser):
    """All four files, without the line that says when the page was made."""
    found = {}
    for ending in ("csv", "json", "html", "fhir.json"):
        seen(browser.send("GET", f"/your-data/export.{ending}"), 200)
        found[ending] = [line for line in browser.body.splitlines() if b"Made on" not in line]
    return found


def three_times_exported(browser):
    return [exported(browser) for _time in range(3)]


@pytest.mark.parametrize("program", POOLERS)
def test_start_and_whole_exports_go_through_a_pooler(servers, program):
    with (
        pooler(program, servers[0], "session") as url,
        running(SERVE, DATABASE_URL=url, **OWN) as (site, _process),
    ):
        place = site.removeprefix("http://")
        browsers = [writers.log_in(place, "writer0@example.com", seen) for _number in range(3)]
        write(browsers[0], 30)
        with ThreadPoolExecutor(3) as pool:
            files = list(chain(*pool.map(three_times_exported, browsers)))
        for browser in browsers:
            browser.close()
    assert files == files[:1] * 9
    assert len(files[0]["csv"]) == 31


def test_pages_are_read_on_the_standby(servers):
    """By somebody who has logged in on the primary."""
    primary, standby = servers
    as_web = f"postgresql://{USERS[1][0]}:{USERS[1][1]}@{standby.place}/did_it_work"
    with (
        running(SERVE, DATABASE_URL=primary.url, **OWN) as (one, _first),
        running(SERVE, well="readyz", DATABASE_URL=as_web, **OWN) as (two, _second),
    ):
        own = writers.log_in(one.removeprefix("http://"), "writer1@example.com", seen)
        write(own, 2)
        there = writers.Browser(two.removeprefix("http://"))
        there.cookies = own.cookies
        for path in ("/today/", "/compare/", "/timeline/", "/diary/", "/your-data/"):
            assert (path, there.send("GET", path)[0]) == (path, 200)
        assert len(exported(there)["csv"]) == 3
        refused = {"client_id": uuid.uuid4(), "leg_pain": "3"}
        assert there.send("POST", "/check-ins/new/", refused)[0] == 503
        for browser in (own, there):
            browser.close()


def test_standby_takes_over_and_nothing_answered_is_lost(servers):
    """The program is told of both, and is not started again."""
    primary, standby = servers
    both = primary.url.replace(primary.place, f"{primary.place},{standby.place}")
    with running(SERVE, DATABASE_URL=both, **OWN) as (site, _process):
        with Crowd(site.removeprefix("http://"), writers=4, accounts=2) as crowd:
            assert crowd.all_write_again(60, standing_by) is not None
            primary.kill()
            standby.promote()
            assert crowd.all_write_again(60, standing_by) is not None
        assert status_of(f"{site}/readyz") == 200
    saved = ask(standby.url, SAVED)
    assert (crowd.answered - set(saved), len(saved)) == (set(), len(set(saved)))
    assert crowd.refused == []
