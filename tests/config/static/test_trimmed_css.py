"""Bootstrap without what our pages cannot use."""

import re

import pytest
from django.conf import settings
from django.utils import timezone

from apps.demo.rows import keep_diary
from config.static.joined import bootstrap, class_sources
from config.static.trimmed_css import needed, sources, trimmed, words
from tests.browser.pages import answers
from tests.factories import UserFactory

BOOTSTRAP = settings.BASE_DIR / "node_modules/bootstrap/dist/css/bootstrap.min.css"
LARGEST = 30_000  # bytes; the whole is 232,000


@pytest.mark.parametrize(
    ("css", "rest"),
    [
        ("a{b:c}.btn{b:c}.modal{b:c}", "a{b:c}.btn{b:c}"),
        (".modal,.btn:hover,.btn.modal{b:c}", ".btn:hover{b:c}"),
        (".btn:not(.modal){b:c}", ".btn:not(.modal){b:c}"),
        (":is(.btn,a) b{b:c}", ":is(.btn,a) b{b:c}"),
        ("[data-bs-theme=dark]{b:c}[type=button]{b:c}", "[type=button]{b:c}"),
        ("@media (x){.modal{b:c}}@media (y){.modal{b:c}.btn{b:c}}", "@media (y){.btn{b:c}}"),
        ("@keyframes x{0%{b:c}to{b:.5rem}}", "@keyframes x{0%{b:c}to{b:.5rem}}"),
        ('@charset "UTF-8";/*! Of Bootstrap */.modal{b:c}', '@charset "UTF-8";/*! Of Bootstrap */'),
        (".btn{--a:1;--b:var(--c);--c:2;d:var(--a)}", ".btn{--a:1;d:var(--a)}"),
        (".btn{--ours:1;b:url(\"data:x,%3csvg d='m.5 1'/%3e\")}", None),
        ("a{b:c}/*# sourceMappingURL=x.css.map */", "a{b:c}"),
    ],
)
def test_what_no_page_can_use_is_left_out(css, rest):
    assert trimmed(css, {"btn"}, ".theirs{b:var(--ours)}") == (css if rest is None else rest)


def test_source_that_names_a_class_keeps_it(tmp_path):
    (tmp_path / "templates/diary").mkdir(parents=True)
    (tmp_path / "templates/diary/x.html").write_text('<p class="btn-{{ kind }} is-new">é</p>')
    found = words(sources(tmp_path))
    assert trimmed(".is-new{b:c}.is-old{b:c}", found) == ".is-new{b:c}"


@pytest.fixture
def demo(db):
    user = UserFactory(email="demo@example.com")
    keep_diary(user, at=timezone.now())
    return user


def test_nothing_that_stands_on_any_page_is_left_out(demo):
    whole, rest = (
        BOOTSTRAP.read_text(),
        bootstrap(settings.BASE_DIR, words(class_sources(settings.BASE_DIR))),
    )
    assert 20_000 < len(rest) < LARGEST
    left_out, used = needed(whole) - needed(rest), set()
    for *_place, answer in answers(demo):
        page = answer.content.decode()
        used |= {each for value in re.findall(r'class="([^"]*)"', page) for each in value.split()}
        used |= set(re.findall(r"\s(data-[\w-]+)", page))
    assert {"btn", "form-control", "data-owner"} < used
    assert left_out & used == set()
