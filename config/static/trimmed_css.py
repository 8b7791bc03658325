"""Of Bootstrap's stylesheet only what our pages can use: a phone fetches it before it shows a word.

A rule stays unless it needs a class, or an attribute of Bootstrap's scripts, that no template,
script or form names. Needs Python and nothing else: the set-up asks it, too (install.py).
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

WORD = re.compile(r"[\w-]+")
NEEDED = re.compile(r"\.(-?[A-Za-z_][\w-]*)|\[(data-[\w-]+)")
WHERE_MISSING = re.compile(r":not\([^)]*\)")
COMMA = re.compile(r",(?![^(]*\))")
BRACE = re.compile(r"[{}]")
SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=[^*]*\*/")
PROPERTY = re.compile(r"(--[\w-]+):[^;{}]*;?")
USED = re.compile(r"var\(\s*(--[\w-]+)")


def sources(root: Path) -> list[Path]:
    """Our files that may name a class."""
    patterns = ("templates/**/*.html", "apps/**/*.py", "static/js/**/*.js")
    return sorted(path for pattern in patterns for path in root.glob(pattern))


def words(paths: Iterable[Path]) -> set[str]:
    """Whatever could be a class in these files: rather too much than too little."""
    return {word for path in paths for word in WORD.findall(path.read_text(encoding="utf-8"))}


def needed(css: str) -> set[str]:
    """The classes, and the attributes that begin with data-, that these selectors need."""
    found = NEEDED.findall(WHERE_MISSING.sub("", css))
    return {name or attribute for name, attribute in found}


def trimmed(css: str, words: set[str], others: str = "") -> str:
    """Minified ``css`` without rules for classes, and without custom properties, that none names.

    ``others``: the text of the stylesheets beside it, which may use its custom properties.
    """
    css = "".join(_rules(SOURCE_MAP.sub("", css), words))
    while css != (shorter := _without_unused_properties(css, others)):
        css = shorter  # what only an unused one used is unused now
    return css


def _rules(css: str, words: set[str]) -> Iterator[str]:
    for start, body in _blocks(css):
        before, end, head = start.rpartition("*/" if "*/" in start else ";")
        yield before + end  # the licence, and the character set
        if head.startswith(("@media", "@supports")):
            inner = "".join(_rules(body, words))
            yield f"{head}{{{inner}}}" if inner else ""
        elif head.startswith("@"):
            yield f"{head}{{{body}}}"
        else:
            kept = [each for each in COMMA.split(head) if needed(each) <= words]
            yield f"{','.join(kept)}{{{body}}}" if kept else ""


def _blocks(css: str) -> Iterator[tuple[str, str]]:
    """What stands before each outermost pair of braces, and what within."""
    depth = start = opened = 0
    for brace in BRACE.finditer(css):
        if brace[0] == "{":
            opened = brace.end() if depth == 0 else opened
            depth += 1
        else:
            depth -= 1
            if depth == 0:
                yield css[start : opened - 1], css[opened : brace.start()]
                start = brace.end()


def _without_unused_properties(css: str, others: str) -> str:
    used = set(USED.findall(css + others))
    return PROPERTY.sub(lambda found: found[0] if found[1] in used else "", css)
