"""Scripts and stylesheets as a phone fetches them, made by esbuild out of those that are typed.

What one of them imports is joined to it, comments and long names go, and what several scripts
import is one file below ``js/shared/``. While developing nothing is joined.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

from config.static.trimmed_css import sources, trimmed, words

# As it is typed and as esbuild writes it. Not what import() asks for later: that is of use with a
# connection only.
IMPORTED = re.compile(r"""(?:from|import)\s*["'](\.[\w./]+\.js)["']""")
BOOTSTRAP = "bootstrap/bootstrap.min.css"  # as the stylesheet imports it
# What forms use of crispy-forms' templates; tests/config/static holds pages and imports to it.
CRISPY = (
    *("errors", "field", "layout/attrs", "layout/div", "layout/field_errors"),
    *("layout/field_errors_block", "layout/field_file", "layout/help_text"),
    *("layout/help_text_and_errors", "layout/prepended_appended_text"),
    "layout/radio_checkbox_select",
)
OPTIONS = (
    *("--bundle", "--splitting", "--format=esm", "--minify", "--charset=utf8"),
    # Chart.js is ready-made, and fetched where something is drawn. Its address fits as it stands:
    # what imports it lies two folders deep before and after.
    *("--external:*/chart.umd.js", "--chunk-names=js/shared/[hash]", "--log-level=warning"),
)


def joined(root: Path) -> dict[str, bytes]:
    """What is served of ``static/js`` and ``static/css``, by its path below ``static/``."""
    with TemporaryDirectory() as folder:
        typed, made = Path(folder, "typed"), Path(folder, "made").resolve()
        for kind in ("js", "css"):
            copytree(root / "static" / kind, typed / kind)
        (typed / BOOTSTRAP).parent.mkdir()
        (typed / BOOTSTRAP).write_text(bootstrap(root, words(class_sources(root))))
        run_esbuild(root, typed, made)
        return {
            str(path.relative_to(made)): path.read_bytes()
            for path in sorted(made.rglob("*"))
            if path.is_file()
        }


def run_esbuild(root: Path, typed: Path, made: Path) -> None:
    """``CalledProcessError`` where something typed cannot be read; esbuild has said what."""
    # Of all its systems' programs npm fetches the one for this machine. It needs no Node.
    program = next((root / "node_modules/@esbuild").resolve().glob("*/bin/esbuild"), None)
    if program is None:
        sys.exit("esbuild is missing in node_modules/@esbuild: npm has none for this machine.")
    options = [*OPTIONS, "--outbase=.", f"--outdir={made}"]
    # From there: by other paths it would make other names.
    subprocess.run([program, *options, *entries(typed)], cwd=typed, check=True)


def entries(typed: Path) -> list[Path]:
    """What pages name, and what is asked for later with ``import()``, as paths below ``typed``."""
    scripts = set((typed / "js").rglob("*.js")) - set(imported(typed))
    found = [*scripts, *(typed / "css").glob("*.css")]
    return sorted(path.relative_to(typed) for path in found)


def imported(typed: Path) -> Iterator[Path]:
    """Scripts that another needs at once."""
    for script in (typed / "js").rglob("*.js"):
        for address in IMPORTED.findall(script.read_text()):
            yield Path(os.path.normpath(script.parent / address))


def bootstrap(root: Path, words: set[str]) -> str:
    whole = (root / "node_modules/bootstrap/dist/css/bootstrap.min.css").read_text()
    ours = "".join(path.read_text() for path in (root / "static").rglob("*.css"))
    return trimmed(whole, words, ours)


def class_sources(root: Path) -> list[Path]:
    """All files that may name a class of Bootstrap's."""
    crispy = Path(str(files("crispy_bootstrap5")), "templates/bootstrap5")
    return [*sources(root), *(crispy / f"{name}.html" for name in CRISPY)]
