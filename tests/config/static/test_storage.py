import pytest
from django.core.files.base import ContentFile

from config.static.storage import HashedStaticFilesStorage

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
