"""The words of other languages, without GNU gettext: Babel reads, merges and compiles them.

python -m config.language.messages update     the texts of the source into each locale's django.po
python -m config.language.messages compile    those into the .mo files that Django reads
"""

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
LOCALE = ROOT / "config" / "language" / "locale"
TEXTS = ("templates/**/*.html", "templates/**/*.txt")
CODE = ("apps/**/*.py", "config/**/*.py")
KEYWORDS = {
    **dict.fromkeys(("_", "_lazy", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
# No dates, names or line numbers: they would change without a text having changed.
HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms}\\n"

"""


def update():
    """Add what is new in the source to every catalogue, and drop what is gone."""
    found = in_source()
    for path in catalogues():
        catalog = read(path)
        catalog.update(found, no_fuzzy_matching=True)
        path.write_bytes(as_po(catalog))


def compile_all():
    """Write each catalogue's .mo file beside it."""
    for path in catalogues():
        content = BytesIO()
        write_mo(content, read(path))
        path.with_suffix(".mo").write_bytes(content.getvalue())


def catalogues() -> list[Path]:
    return sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3], ignore_obsolete=True, abort_invalid=True)


def in_source() -> Catalog:
    """Every text of templates and code, with the files that it stands in."""
    catalog = Catalog(charset="utf-8")
    for pattern in (*TEXTS, *CODE):
        for path in sorted(ROOT.glob(pattern)):
            where = path.relative_to(ROOT).as_posix()
            for _line, message, _comments, context in messages(path):
                catalog.add(message, locations=[(where, 0)], context=context)
    return catalog


def messages(path: Path):
    source = path.read_text()
    if path.suffix != ".py":
        # Django makes calls of the tags; in brackets the rest need not be indented as Python is.
        source = f"(\n{templatize(source)}\n)"
    return extract("python", BytesIO(source.encode()), keywords=KEYWORDS)


def as_po(catalog: Catalog) -> bytes:
    header = HEADER.format(language=catalog.locale, plural_forms=catalog.plural_forms)
    content = BytesIO()
    write_po(
        content,
        catalog,
        omit_header=True,
        sort_output=True,
        ignore_obsolete=True,
        include_lineno=False,
        width=96,
    )
    return header.encode() + content.getvalue()


if __name__ == "__main__":
    {"update": update, "compile": compile_all}[sys.argv[1]]()
