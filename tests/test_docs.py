"""What README and docs name is there: files, folders and links; each decision is in their list."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
DECISIONS = ROOT / "docs/decisions"
PAGES = sorted(
    page.relative_to(ROOT) for page in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))
)
FOLDERS = ("apps", "config", "deploy", "docs", "static", "templates", "tests", ".ci")
PATH = re.compile(rf"`((?:{'|'.join(map(re.escape, FOLDERS))})/[^`\s]*)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
# What README's "Add a chart" would make.
EXAMPLE = "pain_by_weekday"


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_path_that_is_named_exists(page):
    named = {path for path in PATH.findall((ROOT / page).read_text()) if EXAMPLE not in path}
    assert {path for path in named if not any(ROOT.glob(path.rstrip("/")))} == set()


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_link_leads_to_a_file_and_its_heading(page):
    links = [link for link in LINK.findall((ROOT / page).read_text()) if "://" not in link]
    broken = []
    for link in links:
        path, _, heading = link.partition("#")
        target = (ROOT / page).parent / path if path else ROOT / page
        if not target.exists() or (heading and heading not in headings(target)):
            broken.append(link)
    assert broken == []


def headings(page: Path) -> set[str]:
    """As links name them: in small letters, spaces as hyphens."""
    found = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", line).strip().lower().replace(" ", "-") for line in found}


def test_every_decision_is_in_their_list_with_its_number():
    listed = re.findall(r"^\| \[(\d+)\]\(([^)]*)\)", (DECISIONS / "README.md").read_text(), re.M)
    files = sorted(path.name for path in DECISIONS.glob("*.md") if path.name != "README.md")
    assert [name for _number, name in listed] == files
    for number, name in listed:
        assert (DECISIONS / name).read_text().startswith(f"# {number}. ")
