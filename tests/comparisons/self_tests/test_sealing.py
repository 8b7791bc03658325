"""While a self-test runs, no page, file or command gives away what it will answer.

Sealed is the comparison: every mean, difference, count of orders and verdict of what it asks
about, and the letters to come. The rows themselves are the person's own and stay in the day's
page and in every file, or else a copy would lose what was written. What a reader of the report
gets is no copy: there the rating after is left out as well.
"""

import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command

from apps.comparisons.engine.stats import ARITHMETIC
from apps.diary.models import SelfTest, TreatmentSession
from tests.comparisons.engine.test_self_test import BEFORE, WORKS
from tests.comparisons.worked_self_test import with_sessions
from tests.factories import (
    NOON,
    ConditionFactory,
    SelfTestFactory,
    ShareLinkFactory,
    TreatmentFactory,
    TreatmentSessionFactory,
)

NOW = NOON + timedelta(days=40)
PAGES = (
    "/today/",
    "/compare/",
    "/compare/?range=all",
    "/treatments/{mat}/card/",
    "/treatments/{mat}/",
    "/treatments/",
    "/treatments/{heat}/card/?range=all",
    "/treatments/waiting/card/?range=all",
    "/timeline/",
    "/timeline/?range=all",
    "/sides/",
    "/function/over-time/",
    "/self-tests/{self_test}/",
    "/share/{link}/preview/",
)
FILES = ("json", "csv", "html", "fhir.json", "fhir-transaction.json")
# The worked example's means, their changes from 6.3 (both arms), its difference, standard error,
# interval and orders, as a page, a drawing or a file would write them; and every verdict.
SAYS_IT = re.compile(
    r"""(?<!\d)(?:3\.4[12]?|5\.33?|2\.8|2\.9|0\.9|2\.3|2\.31|1\.9[12]?|0\.349)(?!\d)
    |(?<![\d:])46[.,]?656(?!\d)|more\ than\ coincidence|[Pp]robably\ (?:helps|worse)|probably_|may_(?:help|worsen)
    |lower\ after|higher\ after""",
    re.VERBOSE,
)


@pytest.fixture
def diary(alice):
    """The worked example, whole but not opened yet, with a few sessions of something else."""
    condition = ConditionFactory(user=alice)
    mat, heat = (TreatmentFactory(user=alice, name=name) for name in ("Mat", "Heat"))
    self_test = SelfTestFactory(user=alice, condition=condition, treatment=mat)
    with_sessions(self_test, WORKS)
    for day in range(3):
        at = NOON + timedelta(days=36 + day)
        TreatmentSessionFactory(
            user=alice,
            condition=condition,
            started_at=at,
            treatments=[heat],
            pain_before=7,
            pain_after=6,
            after_rated_at=at + timedelta(minutes=45),
        )
    link = ShareLinkFactory(user=alice, condition=condition, created_at=NOW)
    return {"mat": mat.pk, "heat": heat.pk, "self_test": self_test.pk, "link": link.pk}


def text_of(response) -> str:
    """What is on the page: its words, and the data that its drawings are made of."""
    content = b"".join(response) if response.streaming else response.content
    assert response.status_code == 200
    page = re.sub(r"<(style|svg)\b.*?</\1>", "", content.decode(), flags=re.DOTALL)
    page = page.replace(f"version {ARITHMETIC}", "")  # a number, but of nobody
    return re.sub(r"<(?!script)[^>]*>", " ", page)


def shown(client, diary) -> dict[str, str]:
    paths = [path.format(**diary) for path in PAGES]
    paths += [f"/your-data/export.{name}" for name in FILES]
    return {path: text_of(client.get(path)) for path in paths}


@time_machine.travel(NOW, tick=False)
def test_nothing_gives_the_answer_away_while_it_runs(as_alice, diary):
    self_test = SelfTest.objects.get()
    for path, text in shown(as_alice, diary).items():
        assert [said.group() for said in SAYS_IT.finditer(text)] == [], path
        assert self_test.order not in text, path
        assert str(self_test.seed) not in text, path


@time_machine.travel(NOW, tick=False)
def test_the_command_says_nothing_of_it_before_the_end(alice, diary, capsys):
    call_command("compare", user=alice.email)
    text = capsys.readouterr().out
    assert SAYS_IT.findall(text) == []
    assert [row["treatment"] for row in json.loads(text)["treatments"]] == ["Heat"]


OPENED = (
    "/compare/",
    "/treatments/{mat}/card/",
    "/treatments/waiting/card/?range=all",
    "/self-tests/{self_test}/",
    "/share/{link}/preview/",
    "/your-data/export.html",
    "/your-data/export.fhir.json",
    "/your-data/export.fhir-transaction.json",
)


@time_machine.travel(NOW, tick=False)
def test_the_same_pages_give_it_away_once_it_has_ended(as_alice, diary):
    SelfTest.objects.update(ended_at=NOW, why_ended="whole")
    pages = shown(as_alice, diary)
    told = [path for path in OPENED if SAYS_IT.search(pages[path.format(**diary)])]
    assert told == list(OPENED)


@time_machine.travel(NOW, tick=False)
def test_the_report_leaves_the_rating_after_out_until_the_end(as_alice, diary):
    def afters():
        page = as_alice.get(f"/share/{diary['link']}/preview/")
        rows = page.context["sessions"]["rows"]
        return [row["after"] for row in rows]

    assert afters() == [6] * 3 + [None] * 24
    SelfTest.objects.update(ended_at=NOW, why_ended="whole")
    assert afters() == [6] * 3 + WORKS[::-1]


@time_machine.travel(NOW, tick=False)
def test_every_row_stays_in_the_files(as_alice, diary):
    file = json.loads(b"".join(as_alice.get("/your-data/export.json")))
    rows = file["tables"]["diary.TreatmentSession"]
    found = [(row["pain_before"], row["pain_after"]) for row in rows]
    assert sorted(found) == sorted([*zip(BEFORE, WORKS, strict=True), *[(7, 6)] * 3])
    assert TreatmentSession.objects.count() == len(rows)
