"""Every file of 100,000 entries, each from a server of its own, so that each has its own peak."""

from contextlib import ExitStack

from tests.bench.browser import Browser
from tests.bench.server import Server, session_of

ENTRIES, PER_DAY = 100_000, 17
MEGABYTES = 200
# What stands in a file how often for each entry: proof that it holds all of them.
MARKS = {
    "csv": (b"Europe/London", 1),
    "json": (b'"client_id"', 1),
    "html": (b"<small>Europe/London</small>", 1),
    "fhir.json": (b'"resourceType": "Observation"', 2),
}


def limits(user):
    """Sentence, value and target of each file."""
    print(f"{'':<16}{'seconds':>10}{'file':>12}{'worker before':>16}{'at its peak':>14}")
    for file_format in MARKS:
        answer, before, peak = export(user, file_format)
        size = f"{len(answer.body) / 1e6:.0f} MB"
        print(
            f"{file_format:<16}{answer.seconds:>10.1f}{size:>12}{before:>13.0f} MB{peak:>11.0f} MB"
        )
        yield f"{file_format} of {ENTRIES:,}: the worker within {peak:.0f} MB", peak, MEGABYTES


def export(user, file_format):
    """The answer, and the peak of the worker that has needed most, in MB, before and after it."""
    from django.urls import reverse

    with ExitStack() as stack:
        server = Server(stack, "tests.bench.settings")
        browser = Browser(server.url, session_of(user))
        before = server.peak_megabytes()
        answer = browser.get(reverse("your_data:export", args=[file_format]))
        mark, times = MARKS[file_format]
        if answer.body.count(mark) != times * ENTRIES:
            raise RuntimeError(f"The {file_format} file does not hold all entries.")
        return answer, before, server.peak_megabytes()
