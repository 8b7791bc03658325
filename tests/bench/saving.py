"""How many check-ins a second eight people at once can save, beside the bare save.

    python -m tests.bench.saving [--seconds 10]

In turns, so that a busy moment of the machine hits both. What is counted is answered with "saved",
written down and synced: PostgreSQL's own settings are those of the program.
"""

import argparse
import logging
import os
import statistics
import threading
import time
import uuid
from contextlib import ExitStack

import django

from tests.bench.browser import Browser
from tests.bench.server import BARE_BACKEND, Server, session_of
from tests.servers import scratch_database

AT_ONCE, ROUNDS, AT_LEAST = 8, 4, 300
MOST_OF_ONE = 450  # the diary takes 500 a day of one person
# Of one log-in: nobody looks at Today in between, which takes the messages out of the session.
AT_A_TIME = 10


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=10, help="of each round")
    seconds = parser.parse_args().seconds
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
    with scratch_database(), ExitStack() as stack:
        django.setup()
        prepare()
        servers = (Server(stack, f"tests.bench.{name}") for name in ("settings", "floor"))
        said, ours = measured(*(server.url for server in servers), seconds)
    print(f"Load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(f"{'ok   ' if ours >= AT_LEAST else 'short'}  {said} (target: at least {AT_LEAST})")


def measured(product: str, floor: str, seconds: float = 10) -> tuple[str, float]:
    """In words, and saves a second."""
    logging.getLogger("security").setLevel(logging.WARNING)  # thousands of log-ins
    kinds = (product, new_people, save), (floor, new_bare_people, save_barely)
    rates = [[rate(*kind, seconds) for kind in kinds] for _round in range(ROUNDS)]
    ours, bare = (statistics.median(each) for each in zip(*rates, strict=True))
    return f"saves a second: {ours:.0f}; bare ones: {bare:.0f}; {ours / bare:.2f} of it", ours


def prepare() -> None:
    from django.core.management import call_command

    from config.postgres import roles

    call_command("migrate", verbosity=0)
    roles.make()


def rate(url, people, save_once, seconds) -> float:
    crowds = [people(url) for _number in range(AT_ONCE)]
    counts = [0] * AT_ONCE
    over_at = time.monotonic() + seconds

    def write(number):
        for count, (person, _again) in enumerate(crowds[number]):
            if time.monotonic() > over_at:
                return
            save_once(*person)
            counts[number] = count + 1

    threads = [threading.Thread(target=write, args=[number]) for number in range(AT_ONCE)]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.monotonic() - started)


def new_people(url):
    return _each_for_a_while(lambda user: (Browser(url, session_of(user)),))


def new_bare_people(url):
    return _each_for_a_while(
        lambda user: (Browser(url, session_of(user, BARE_BACKEND)), _condition(user))
    )


def _condition(user):
    from apps.conditions.models import Condition

    return Condition.objects.for_user(user).get().pk


def _each_for_a_while(made_for):
    """Another log-in every ten entries, and somebody new whenever the last one has written enough."""
    from django.utils import timezone

    from apps.conditions.models import Condition
    from apps.users.models import CONSENT_VERSION, User

    def person():
        now = timezone.now()
        consent = {"consent_version": CONSENT_VERSION, "consented_at": now, "set_up_at": now}
        user = User.objects.create_user(f"{uuid.uuid4()}@example.com", **consent)
        Condition.objects.create(user=user, name="Sciatica")
        return user

    people = [person() for _number in range(4)]
    log_ins = [made_for(user) for user in people for _time in range(MOST_OF_ONE // AT_A_TIME)]
    return ((each, number) for each in log_ins for number in range(AT_A_TIME))


def save(browser):
    fields = {"client_id": uuid.uuid4(), "leg_pain": 4, "back_pain": 2}
    browser.post("/check-ins/new/", fields)


def save_barely(browser, condition):
    browser.post("/save/", {"condition": condition, "leg_pain": 4})


if __name__ == "__main__":
    main()
