"""How long Today takes where many ask at once, by how many workers and threads answer.

    python -m tests.bench.crowds [--seconds 6] [--workers 2,4] [--threads 2,4,8] [--clients 1,8,32,128]

Each client has a connection of its own and asks again as soon as it is answered.
"""

import argparse
import os
import statistics
import threading
import time
from contextlib import ExitStack

import django

from tests.bench.browser import Browser
from tests.bench.saving import prepare
from tests.bench.server import Server, session_of
from tests.servers import scratch_database

ENTRIES, PER_DAY = 1_000, 2


def main() -> None:
    chosen = arguments()
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
    with scratch_database():
        django.setup()
        prepare()
        session = somebody()
        print(f"Load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        print("workers  threads  clients  pages a second   median      95 %")
        for workers in chosen.workers:
            for threads in chosen.threads:
                with ExitStack() as stack:
                    given = {"WEB_WORKERS": str(workers), "WEB_THREADS": str(threads)}
                    server = Server(stack, "tests.bench.settings", **given)
                    for clients in chosen.clients:
                        taken = crowd(server.url, session, clients, chosen.seconds)
                        print_line(workers, threads, clients, *taken)


def arguments():
    def numbers(text):
        return [int(each) for each in text.split(",")]

    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=6, help="of each crowd")
    parser.add_argument("--workers", type=numbers, default=[2])
    parser.add_argument("--threads", type=numbers, default=[4])
    parser.add_argument("--clients", type=numbers, default=[1, 8, 32, 128])
    return parser.parse_args()


def somebody() -> str:
    import random

    from tests.bench.filling import keep

    return session_of(keep(random.Random(5), ENTRIES, PER_DAY))


def crowd(url, session, clients, seconds) -> tuple[list[float], float]:
    """Seconds of every answer, and of all together."""
    taken, started = [], time.monotonic()
    over_at = started + seconds

    def ask():
        browser = Browser(url, session)
        while time.monotonic() < over_at:
            taken.append(browser.get("/today/").seconds)

    threads = [threading.Thread(target=ask) for _number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken, time.monotonic() - started


def print_line(workers, threads, clients, taken, seconds):
    median = statistics.median(taken)
    worst = statistics.quantiles(taken, n=20)[-1] if len(taken) > 1 else median
    rate = len(taken) / seconds
    print(
        f"{workers:>7}{threads:>9}{clients:>9}{rate:>16.1f}"
        f"{median * 1000:>8.0f} ms{worst * 1000:>7.0f} ms",
        flush=True,
    )


if __name__ == "__main__":
    main()
