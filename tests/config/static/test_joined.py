"""What a phone fetches of our scripts and stylesheets: few files, small ones, and nothing missing."""

import re
import subprocess

import pytest
from django.conf import settings

from config.static.joined import joined

ROOT = settings.BASE_DIR
TYPED = ROOT / "static"
NAMED = re.compile(r"""\{% static ["']((?:js|css)/[\w/.]+)["'] %\}""")
LATER = re.compile(r"""import\("\./([\w/]+\.js)"\)""")
BOOTSTRAP_IN = '@import url("../bootstrap/bootstrap.min.css");\n'
CRISPY = re.compile(r"^from crispy_forms\.(\w+) import (.+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def made():
    return joined(ROOT)


def test_every_page_loads_one_script_and_what_it_shares_with_others(made):
    imported = re.findall(rb'from"([^"]+)"', made["js/app.js"])
    assert len(imported) == 1
    assert imported[0].startswith(b"./shared/")
    assert not {name for name in made if name.startswith("js/forms/d")}


def test_all_that_a_page_names_or_a_script_asks_for_later_is_there(made):
    templates = [path.read_text() for path in (ROOT / "templates").rglob("*.html")]
    named = {name for text in templates for name in NAMED.findall(text)}
    later = {f"js/{name}" for name in LATER.findall((TYPED / "js/app.js").read_text())}
    charts = {f"js/charts/{path.name}" for path in (TYPED / "js/charts").glob("*.js")}
    needed = named | later | charts - {"js/charts/chart.js"}
    assert {"js/app.js", "css/today.css", "js/today/renew.js", "js/charts/per_week.js"} < needed
    assert needed - set(made) == set()


def test_stylesheet_has_the_licence_of_what_is_in_it_and_no_comment_else(made):
    css = made["css/app.css"].decode()
    assert re.findall(r"/\*.*?Bootstrap", css, re.DOTALL) != []
    assert css.count("/*") == css.count("/*!") == 1
    assert ("@media print{" in css, "@import" in css, ".diary-" in css or ".entry" in css) == (
        True,
        False,
        True,
    )


def test_same_source_makes_the_same_files(made):
    """A name holds a hash: where nothing has changed, a browser fetches nothing."""
    assert joined(ROOT) == made


@pytest.fixture
def checkout(tmp_path):
    """A source of one template, one script and one stylesheet."""
    for kind, text in (("js", "let first = 1;\nshow(first);\n"), ("css", BOOTSTRAP_IN)):
        (tmp_path / "static" / kind).mkdir(parents=True)
        (tmp_path / f"static/{kind}/app.{kind}").write_text(text)
    (tmp_path / "templates").mkdir()
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    return tmp_path


def test_another_class_in_a_template_makes_another_stylesheet(checkout):
    before = joined(checkout)["css/app.css"]
    (checkout / "templates/page.html").write_text('<p class="btn">')
    after = joined(checkout)["css/app.css"]
    assert (b".btn{" in before, b".btn{" in after) == (False, True)


def test_script_that_cannot_be_read_is_not_left_out(checkout, capfd):
    (checkout / "static/js/app.js").write_text("let first = ;\n")
    with pytest.raises(subprocess.CalledProcessError):
        joined(checkout)
    assert "js/app.js:1:12" in capfd.readouterr().err


def test_forms_use_no_template_of_crispy_forms_whose_classes_are_left_out():
    used = {
        (module, name.strip())
        for path in (ROOT / "apps").rglob("*.py")
        for module, names in CRISPY.findall(path.read_text())
        for name in names.split(",")
    }
    layouts = {("layout", name) for name in ("Div", "Field", "Layout")}
    assert used == {("bootstrap", "PrependedText"), ("helper", "FormHelper"), *layouts}
