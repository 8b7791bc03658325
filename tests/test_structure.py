"""Rules of the house that a reader would otherwise have to watch over."""

import ast
import re

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
FOLDERS = ("apps", "config", "docs", "static", "templates", "tests", ".ci")
APPS = ("users", "conditions", "treatments", "diary", "comparisons", "sharing")
TEXT = {".py", ".html", ".js", ".css", ".md", ".toml", ".txt", ".json", ".yml", ".example", ""}

# Written so that this file does not break its own rules.
REGISTRY_HOSTS = r"py[p]i\.org|pytho[n]hosted|np[m]js\.|registr[y]\.np|de[b]\.debia"
MACHINE_PATHS = r"/w[o]rk/|/f[a]rm/|/r[o]ot/|/hom[e]/"
LEFT_OPEN = r"\b(TO[D]O|FIX[M]E|X[X]X)\b|mark\.(ski[p]|xfai[l])|pytest\.(ski[p]|xfai[l])\b"
UNESCAPED = r"\|\s*saf[e]\b|mark_saf[e]|autoescap[e]"
INLINE = r"<style|\sstyle\s*=|\son[a-z]+\s*=|javascript:|<script(?![^>]*\ssrc=)"


def files(*suffixes):
    found = [path for path in ROOT.iterdir() if path.is_file()]
    for folder in FOLDERS:
        found += [path for path in (ROOT / folder).rglob("*") if path.is_file()]
    # In a second worktree ``.git`` is a file and names the first one.
    own = {".env", ".git"}
    return [path for path in found if path.suffix in (suffixes or TEXT) and path.name not in own]


def hits(pattern, paths):
    """Every line on which the pattern is found, as file, number and text."""
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in paths
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(pattern, line)
    ]


@pytest.mark.parametrize("pattern", [REGISTRY_HOSTS, MACHINE_PATHS, LEFT_OPEN])
def test_no_file_names_hosts_or_paths_or_open_ends(pattern):
    assert hits(pattern, files()) == []


def test_templates_hold_no_inline_style_or_script():
    assert hits(INLINE, files(".html")) == []


def test_nothing_is_put_into_a_page_unescaped():
    assert hits(UNESCAPED, [path for path in files(".html", ".py") if "apps" in path.parts]) == []
    assert hits(UNESCAPED, files(".html")) == []


def test_patterns_find_what_they_are_for(tmp_path):
    bad = {
        REGISTRY_HOSTS: "https://py" + "pi.org/simple",
        MACHINE_PATHS: "cd /wo" + "rk/main",
        LEFT_OPEN: "# TO" + "DO: later",
        UNESCAPED: "{{ note|sa" + "fe }}",
        INLINE: '<p onclick="go()">',
    }
    for pattern, line in bad.items():
        assert re.search(pattern, line)
    assert not re.search(INLINE, '<script type="module" src="/static/js/app.js"></script>')


def imports(path):
    """The dotted names that a module imports."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("app", APPS)
def test_app_imports_only_from_those_above_it(app):
    above = APPS[: APPS.index(app) + 1]
    below = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in (ROOT / "apps" / app).rglob("*.py")
        for name in imports(path)
        if re.match(r"apps\.\w", name) and name.split(".")[1] not in above
    }
    assert below == set()


def test_apps_are_those_of_the_list():
    folders = {path.parent.name for path in (ROOT / "apps").glob("*/apps.py")}
    assert folders == set(APPS)


def test_engine_knows_nothing_of_django():
    foreign = r"django\b|config\b|apps\.(?!comparisons\.engine\b)"
    found = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in (ROOT / "apps/comparisons/engine").rglob("*.py")
        for name in imports(path)
        if re.match(foreign, name)
    }
    assert found == set()


def test_no_module_is_a_drawer_for_everything():
    drawers = {"core", "common", "utils", "helpers", "services", "selectors", "signals", "mixins"}
    modules = {path.stem for folder in ("apps", "config") for path in (ROOT / folder).rglob("*.py")}
    assert modules & drawers == set()


def test_no_third_party_file_is_kept_here():
    names = r"\.min\.(js|css)$|^chart\.umd|^bootstrap"
    assert [path.name for path in files(".js", ".css") if re.search(names, path.name)] == []
