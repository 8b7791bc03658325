"""Rules of the house that a reader would otherwise have to watch over."""

import ast
import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
FOLDERS = ("apps", "config", "docs", "static", "templates", "tests", ".ci")
APPS = (
    "users",
    "conditions",
    "treatments",
    "diary",
    "demo",
    "comparisons",
    "sharing",
    "your_data",
)
# Each room imports only from those before it in its list.
ROOMS = {
    "apps": APPS,
    "apps/diary": (
        "models",
        "entries",
        "red_flags",
        "function",
        "agreed",
        "reading",
        "waiting",
        "self_tests",
        "writing",
        "today",
        "reminders",
        "calls",
        "offline",
    ),
    "apps/comparisons": ("engine", "models", "reading", "charts", "self_tests"),
}
MOST_MODULES = 20
MOST_LINES = 40  # of a function
TEXT = {".py", ".html", ".js", ".css", ".md", ".toml", ".txt", ".json", ".yml", ".example", ""}

# Written so that this file does not break its own rules.
REGISTRY_HOSTS = r"py[p]i\.org|pytho[n]hosted|np[m]js\.|registr[y]\.np|de[b]\.debia"
MACHINE_PATHS = r"/w[o]rk/|/f[a]rm/|/r[o]ot/|/hom[e]/"
LEFT_OPEN = r"\b(TO[D]O|FIX[M]E|X[X]X)\b|mark\.(ski[p]|xfai[l])|pytest\.(ski[p]|xfai[l])\b"
UNESCAPED = r"\|\s*saf[e]\b|mark_saf[e]|autoescap[e]"
WITH_DJANGO = r"(django|allauth|crispy_forms)\b"
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


def modules(folder, room):
    """A room is a folder, or a module beside the folders."""
    yield from (ROOT / folder / room).rglob("*.py")
    yield from (ROOT / folder).glob(f"{room}.py")


@pytest.mark.parametrize(
    ("folder", "room"), [(folder, room) for folder, rooms in ROOMS.items() for room in rooms]
)
def test_room_imports_only_from_those_before_it(folder, room):
    rooms, package = ROOMS[folder], folder.replace("/", ".")
    later = rooms[rooms.index(room) + 1 :]
    upwards = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules(folder, room)
        for name in imports(path)
        if name.startswith(tuple(f"{package}.{each}." for each in later))
    }
    assert upwards == set()


@pytest.mark.parametrize("folder", ["apps/diary", "apps/comparisons"])
def test_rooms_of_an_app_import_no_page_of_it(folder):
    """Its views, addresses and forms beside the rooms are made of the rooms, never the reverse."""
    package, rooms = folder.replace("/", "."), ROOMS[folder]
    inside = rf"{package}\.(?!({'|'.join(rooms)})\b)"
    pages = {
        f"{path.relative_to(ROOT)} imports {name}"
        for room in rooms
        for path in modules(folder, room)
        for name in imports(path)
        if re.match(inside, name)
    }
    assert pages == set()


def test_every_folder_of_a_split_app_is_a_room_of_the_list():
    for folder in ("apps/diary", "apps/comparisons"):
        found = {path.parent.name for path in (ROOT / folder).glob("*/__init__.py")}
        assert found - {"migrations", "management", "templatetags"} <= set(ROOMS[folder])


def test_no_folder_holds_more_modules_than_one_looks_through():
    tops = ("apps", "config", "tests")
    packages = {path.parent for top in tops for path in (ROOT / top).rglob("*.py")}
    full = {
        str(folder.relative_to(ROOT)): count
        for folder in packages
        if folder.name != "migrations" and (count := len(list(folder.glob("*.py")))) > MOST_MODULES
    }
    assert full == {}


@pytest.mark.parametrize("below", ["apps/comparisons/reading", "apps/comparisons/charts"])
def test_a_chart_can_be_added_as_the_readme_says(below):
    """One module more in each of both."""
    assert len(list((ROOT / below).glob("*.py"))) < MOST_MODULES


def test_no_function_is_longer_than_a_screen():
    long = {
        f"{path.relative_to(ROOT)}: {node.name}"
        for top in ("apps", "config")
        for path in (ROOT / top).rglob("*.py")
        if path.parent.name != "migrations"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno >= MOST_LINES
    }
    assert long == set()


def test_every_package_has_its_folder_of_tests():
    packages = {
        path.parent.relative_to(ROOT)
        for top in ("apps", "config")
        for path in (ROOT / top).rglob("*.py")
        if not {"migrations", "management", "templatetags", "locale", "formats"} & set(path.parts)
    }
    packages -= {Path("apps")}
    tests = {
        folder
        for path in (ROOT / "tests").rglob("test_*.py")
        for folder in path.relative_to(ROOT / "tests").parents
    }
    expected = {Path(*p.parts[1:]) if p.parts[0] == "apps" else p for p in packages}
    assert expected - tests == set()


def test_a_chart_has_one_name_in_all_its_places():
    """Module, script and the name in the chart itself, which the page's JSON and data-chart use."""
    charts = {
        path.stem
        for path in (ROOT / "apps/comparisons/charts").glob("*.py")
        if "\ndef chart(" in path.read_text()
    }
    scripts = {path.stem for path in (ROOT / "static/js/charts").glob("*.js")} - {"chart"}
    assert charts == scripts
    for name in charts:
        text = (ROOT / f"apps/comparisons/charts/{name}.py").read_text()
        assert f'"name": "{name}"' in text
        assert f'"module": "js/charts/{name}.js"' in text
        assert f'draw("{name}"' in (ROOT / f"static/js/charts/{name}.js").read_text()


def test_apps_are_those_of_the_list():
    folders = {path.parent.name for path in (ROOT / "apps").glob("*/apps.py")}
    assert folders == set(APPS)


def test_engine_knows_nothing_of_django():
    """Of the other apps it asks two modules alone, which know nothing of Django either."""
    own = r"comparisons\.engine\b|treatments\.(pace|rate_again)\b"
    foreign = rf"django\b|config\b|apps\.(?!{own})"
    found = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in (ROOT / "apps/comparisons/engine").rglob("*.py")
        for name in imports(path)
        if re.match(foreign, name)
    }
    assert found == set()
    asked = ["apps/treatments/pace.py", "apps/treatments/rate_again.py"]
    assert [name for path in asked for name in imports(ROOT / path)] == []


def without_django():
    """Modules that hold code and import no Django, nor a module that does."""
    trees = {
        path: ast.parse(path.read_text())
        for top in ("apps", "config")
        for path in (ROOT / top).rglob("*.py")
    }
    named = {dotted(path): path for path in trees}
    asked = {path: set(imports(path)) for path in trees}
    knows = {path for path, names in asked.items() if any(re.match(WITH_DJANGO, n) for n in names)}
    while more := {
        path
        for path, names in asked.items()
        if path not in knows and any(named.get(name) in knows for name in names)
    }:
        knows |= more
    return {path for path, tree in trees.items() if path not in knows and has_code(tree)}


def dotted(path):
    """The name by which a module is imported; of a package that of its folder."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def has_code(tree):
    return any(not isinstance(node, ast.Expr) for node in tree.body)


def test_every_module_without_django_has_its_types_checked():
    checked = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]["files"]
    paths = {
        path
        for name in checked
        for path in ((ROOT / name).rglob("*.py") if (ROOT / name).is_dir() else [ROOT / name])
    }
    assert {path for path in paths if has_code(ast.parse(path.read_text()))} == without_django()
    assert hits(r"type:\s*ignor[e]|ignore_missin[g]", files(".py", ".toml")) == []


def test_no_module_is_a_drawer_for_everything():
    drawers = {"core", "common", "utils", "helpers", "services", "selectors", "signals", "mixins"}
    modules = {path.stem for folder in ("apps", "config") for path in (ROOT / folder).rglob("*.py")}
    assert modules & drawers == set()


def test_no_third_party_file_is_kept_here():
    names = r"\.min\.(js|css)$|^chart\.umd|^bootstrap"
    assert [path.name for path in files(".js", ".css") if re.search(names, path.name)] == []


def test_templates_of_the_diary_ask_nothing_of_the_apps_above():
    tags = {
        path.stem
        for app in APPS[APPS.index("diary") + 1 :]
        for path in (ROOT / "apps" / app / "templatetags").glob("*.py")
    }
    loaded = {
        f"{path.relative_to(ROOT)} loads {name}"
        for app in APPS[: APPS.index("diary") + 1]
        for path in (ROOT / "templates" / app).rglob("*.html")
        for names in re.findall(r"\{% load ([^%]*)%\}", path.read_text())
        for name in names.split()
        if name in tags
    }
    assert loaded == set()
