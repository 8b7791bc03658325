"""How pytest-xdist spreads the tests over its workers: `make test`, or `pytest -n 3`.

A test in a browser goes by itself to the next worker that is free, for it waits most of the time;
they come first, lest one of them be all that is left to wait for. Other files stay whole: some of
them prepare at length what all their tests look at.

The very first of all make what the whole run shares, the tables and the static files. So that no
other worker waits for these, each of them begins with a file that wants neither.
"""

import pytest

# One for each worker; then what takes longest of all, lest it be what one worker is left with at the
# end; then whole processes, which wait for each other.
FIRST = (
    "every_page/test_pages.py::test_every_page_keeps_the_rules[0]",
    *("engine/test_acceptance.py", "engine/test_self_test_measures.py"),
    *("every_page/test_pages.py", "every_page/test_wcag.py", "test_who_may.py"),
    *("archive/test_round_trip.py", "every_page/test_forms.py", "language/test_german_pages.py"),
    *("your_data/test_same_answer.py", "table/test_round_trip.py", "test_forgotten_owner.py"),
    *(
        "calls/test_sending.py",
        "reminders/test_due.py",
        "self_tests/test_days.py",
        "test_structure.py",
    ),
    *("config/recovery/", "config/start/", "config/postgres/", "faults/", "engine/", "browser/"),
)


def rank(nodeid: str) -> int:
    """Lower is earlier."""
    return next((place for place, part in enumerate(FIRST) if part in nodeid), len(FIRST))


def unit(nodeid: str) -> str:
    """What is sent to one worker as a whole."""
    file = nodeid.split("::", 1)[0]
    return nodeid if "browser/" in file else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    from xdist.scheduler import LoadScopeScheduling

    class Spreading(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return unit(nodeid)

    config.option.loadscopereorder = False  # by the number of tests, which says nothing here
    return Spreading(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: rank(item.nodeid))
