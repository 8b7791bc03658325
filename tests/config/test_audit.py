"""`make audit`: a source that was not asked must never look like one that knows of no hole."""

import json

import pytest

from config.audit import Answer, lines, npm_answer, python_answer

LOCKED = python_answer("").locked
NPM_LOCKED = npm_answer("").locked


def from_pip(*packages):
    return python_answer(json.dumps({"dependencies": packages, "fixes": []}))


def test_all_locked_packages_are_counted():
    assert LOCKED > 60
    assert NPM_LOCKED > 4


@pytest.mark.parametrize("printed", ["", "ERROR: no network", "[]", '{"message": "405"}'])
def test_whoever_gave_no_answer_was_not_asked(printed):
    assert python_answer(printed) == Answer(LOCKED)
    assert npm_answer(printed) == Answer(NPM_LOCKED)


def test_package_that_a_mirror_does_not_know_was_not_asked_about():
    """pip-audit itself is content with that."""
    assert from_pip({"name": "django", "skip_reason": "not found"}) == Answer(LOCKED)


def test_holes_of_python_packages_are_named_with_their_cure():
    safe = {"name": "numpy", "version": "2.0", "vulns": []}
    holes = [
        {"id": "PYSEC-1", "fix_versions": ["5.2.9", "6.0"]},
        {"id": "PYSEC-2", "fix_versions": []},
    ]
    answer = from_pip(safe, {"name": "django", "version": "5.2.1", "vulns": holes})
    named = [
        "django 5.2.1: PYSEC-1, cured in 5.2.9, 6.0",
        "django 5.2.1: PYSEC-2, cured in no version yet",
    ]
    assert answer == Answer(LOCKED, 2, named)


def test_holes_of_npm_packages_are_named():
    found = {"bootstrap": {"name": "bootstrap", "severity": "high"}}
    report = json.dumps({"auditReportVersion": 2, "vulnerabilities": found})
    assert npm_answer(report) == Answer(NPM_LOCKED, NPM_LOCKED, ["bootstrap: high"])


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            Answer(70),
            [
                "Python: NOT audited. No source of advisories could be asked from here about "
                "the 70 locked packages."
            ],
        ),
        (Answer(70, 70), ["Python: 70 of 70 locked packages were looked up; known holes: 0."]),
        (
            Answer(70, 69, ["django 5.2.1: A"]),
            [
                "Python: django 5.2.1: A",
                "Python: 69 of 70 locked packages were looked up; known holes: 1.",
            ],
        ),
    ],
)
def test_what_is_said(answer, said):
    assert lines("Python", answer) == said
