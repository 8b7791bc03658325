"""The German catalogue holds every text of the source, whole and with its placeholders."""

import re
from gettext import GNUTranslations

import pytest

from apps.comparisons import tried_out
from config.language import messages

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}|%%|<[^>]+>")
# In the middle of a sentence a capital says "you" to a stranger; the product says "du".
FORMAL = re.compile(r"(?<=[^.!?:“„ ] )(Sie|Ihnen|Ihre?[nmrs]?)\b")
HEADER = [
    "Language",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
    "Plural-Forms",
]
CATALOGUES = messages.catalogues()


def forms(text):
    return text if isinstance(text, tuple) else (text,)


def keys(catalog):
    return {(message.id, message.context) for message in catalog if message.id}


@pytest.fixture(params=CATALOGUES, ids=lambda path: path.parts[-3])
def catalogue(request):
    return [message for message in messages.read(request.param) if message.id]


def test_german_says_du(catalogue):
    formal = [
        text
        for message in catalogue
        for text in forms(message.string)
        if FORMAL.search(text) is not None
    ]
    assert formal == []


def test_there_is_german():
    assert [path.parts[-3] for path in CATALOGUES] == ["de"]


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_catalogue_is_as_make_messages_leaves_it(path):
    """Every text of the source and no other, in the file's own order: run `make messages`."""
    assert keys(messages.read(path)) == keys(messages.in_source())
    assert messages.as_po(messages.read(path)) == path.read_bytes()


def test_nothing_is_left_untranslated_or_only_guessed(catalogue):
    open_ends = [m.id for m in catalogue if m.fuzzy or not all(forms(m.string))]
    assert open_ends == []


def test_plurals_have_two_forms(catalogue):
    wrong = [m.id for m in catalogue if len(forms(m.id)) != len(forms(m.string))]
    assert wrong == []


def test_placeholders_and_tags_are_those_of_the_source(catalogue):
    """A singular may leave its number out, as the source does ("one problem")."""

    def marks(text):
        return sorted(PLACEHOLDER.findall(text))

    wrong = [
        m.id
        for m in catalogue
        for own, other in zip(forms(m.id), forms(m.string), strict=True)
        if marks(own) != marks(other)
    ]
    assert wrong == []


def test_spaces_and_line_ends_at_both_ends_are_those_of_the_source(catalogue):
    def ends(text):
        return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]

    wrong = [
        m.id for m in catalogue for text in forms(m.string) if ends(text) != ends(forms(m.id)[0])
    ]
    assert wrong == []


def test_no_line_breaks_between_a_number_and_per_cent(catalogue):
    """Save for names that docs/method.md gives to kinds of diary."""
    texts = [text for m in catalogue for text in (*forms(m.id), *forms(m.string))]
    names = {name for name in tried_out.NAMES if "%" in name}
    translated = {m.string for m in catalogue if m.id in names}
    assert [t for t in texts if re.search(r"\d %(?!\()", t) and t not in names | translated] == []


def test_files_say_nothing_that_changes_without_a_text():
    """No dates, no names of people, no line numbers."""
    for path in CATALOGUES:
        text = path.read_text()
        assert re.findall(r'^"([\w-]+):', text.partition("\n\n")[0], re.MULTILINE) == HEADER
        assert (
            re.findall(
                r"^#(?!: [\w/]+(?:\.(?:py|html|txt))|, python-(?:brace-)?format$| ).*", text, re.M
            )
            == []
        )


def test_compiled_catalogue_holds_what_the_text_does(tmp_path, monkeypatch):
    copy = tmp_path / "de" / "LC_MESSAGES" / "django.po"
    copy.parent.mkdir(parents=True)
    copy.write_bytes(CATALOGUES[0].read_bytes())
    monkeypatch.setattr(messages, "LOCALE", tmp_path)
    messages.compile_all()
    with copy.with_suffix(".mo").open("rb") as file:
        compiled = GNUTranslations(file)
    for message in messages.read(copy):
        if message.id and not message.context:
            one, *many = forms(message.string)
            said = compiled.ngettext(*message.id, 2) if many else compiled.gettext(message.id)
            assert said == (many or [one])[0]


def test_every_way_to_mark_a_text_is_found(tmp_path):
    template = tmp_path / "page.html"
    template.write_text(
        """{% load i18n %}
          {% translate "plain" %}{% translate 'quoted "so"' %}{{ _("in a variable") }}
        {% include "x.html" with legend=_("in an argument") %}
        {% blocktranslate with name=a.b trimmed %}
          Two lines
          for {{ name }}, 95 %
        {% endblocktranslate %}
        {% blocktranslate count n=n trimmed %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}
        {% translate "May" context "verb" %}"""
    )
    code = tmp_path / "code.py"
    code.write_text(
        'a = _("plain") + _lazy("lazy" " and joined")\n'
        'b = ngettext_lazy("%(n)s day", "%(n)s days", "n")\n'
        'c = pgettext("verb", "May"), gettext_noop("marked only")\n'
    )
    assert {message for _line, message, *_rest in messages.messages(template)} == {
        "plain",
        'quoted "so"',
        "in a variable",
        "in an argument",
        "Two lines for %(name)s, 95 %%",
        ("%(n)s day", "%(n)s days"),
        "May",
    }
    assert {message for _line, message, *_rest in messages.messages(code)} == {
        "plain",
        "lazy and joined",
        ("%(n)s day", "%(n)s days"),
        "May",
        "marked only",
    }


def test_kinds_of_diary_in_the_method_are_marked_for_translation():
    figures = tried_out.figures()
    names = {kind.name for kind in figures.kinds} | {name for name, _share in figures.looks}
    assert names - set(tried_out.NAMES) == set()
