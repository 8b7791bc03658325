import os

import pytest
from django.core.files.base import ContentFile

from config.static.storage import WHOLE, FilesFinder, HashedStaticFilesStorage, OwnFiles

SOURCE = b"/* Why. */\n\na {\n  color: red; /* so */\n}\n/* Two\n   lines. */\nb {}\n"


@pytest.mark.parametrize(
    ("name", "kept"),
    [("css/a.css", b"a {\n  color: red; }\nb {}\n"), ("js/a.js", SOURCE), ("a/css/b.css", SOURCE)],
)
def test_our_stylesheets_are_served_without_their_comments(tmp_path, name, kept):
    content = ContentFile(SOURCE)
    content.read()  # as it was to make the hash of its name
    HashedStaticFilesStorage(location=tmp_path).save(name, content)
    assert (tmp_path / name).read_bytes() == kept


@pytest.fixture
def in_parts(tmp_path):
    """A static folder whose stylesheet has two parts."""
    (tmp_path / "css/app").mkdir(parents=True)
    (tmp_path / "css/app/a.css").write_text("a {}\n")
    (tmp_path / "css/app/b.css").write_text("b {}\n")
    parts = '@import url("app/b.css");\n@import url("app/a.css");\n'
    (tmp_path / WHOLE).write_text(f"/* Of parts. */\n{parts}")
    return OwnFiles(location=tmp_path)


def test_parts_of_the_stylesheet_are_collected_as_one_file_in_their_order(in_parts):
    with in_parts.open(WHOLE) as file:
        assert file.read() == b"/* Of parts. */\nb {}\na {}\n"


def test_stylesheet_is_as_new_as_its_newest_part(in_parts):
    for name, at in ((WHOLE, 1_000), ("css/app/a.css", 3_000), ("css/app/b.css", 2_000)):
        os.utime(in_parts.path(name), (at, at))
    assert in_parts.get_modified_time(WHOLE).timestamp() == 3_000


def test_nobody_is_served_a_part():
    found = {path for path, _storage in FilesFinder().list([])}
    assert WHOLE in found
    assert {path for path in found if path.startswith("css/app/")} == set()
