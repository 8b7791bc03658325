import re
from functools import cached_property
from importlib.resources import files
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import FileSystemFinder
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

from config.static.trimmed_css import sources, trimmed, words

PACKAGE_FILES = {
    "bootstrap.min.css",
    "bootstrap.min.css.map",
    "chart.umd.js",
    "chart.umd.js.map",
}


CSS_COMMENT = re.compile(rb"/\*.*?\*/\n*", re.DOTALL)
PART = re.compile(rb'@import url\("(app/\w+\.css)"\);\n')
WHOLE, PARTS = "css/app.css", "css/app/"


class OwnFiles(FileSystemStorage):
    """``static/``, with the parts of ``app.css`` joined: a phone fetches one file."""

    def _open(self, name, mode="rb"):
        file = super()._open(name, mode)
        if name != WHOLE:
            return file
        with file:
            return ContentFile(PART.sub(self._part, file.read()))

    def _part(self, found: re.Match) -> bytes:
        return Path(self.path(f"css/{found[1].decode()}")).read_bytes()

    def get_modified_time(self, name):
        """When the latest part changed: else ``collectstatic`` would leave the file as it is."""
        own = super().get_modified_time
        parts = [f"{PARTS}{each}" for each in self.listdir(PARTS)[1]] if name == WHOLE else []
        return max(map(own, [name, *parts]))


class FilesFinder(FileSystemFinder):
    """Our own files, and of the npm packages those that pages load.

    The other 130 of the packages would take longer to compress than all the rest of the set-up.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for prefix, root in self.locations:
            if not prefix:
                self.storages[root] = OwnFiles(location=root)
                self.storages[root].prefix = prefix

    def list(self, ignore_patterns):
        for path, storage in super().list(ignore_patterns):
            is_asked_for = (
                not path.startswith(PARTS) if not storage.prefix else path in PACKAGE_FILES
            )
            if is_asked_for:
                yield path, storage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashed names, also inside our ES modules' imports, which Django leaves alone unless asked."""

    support_js_module_import_aggregation = True

    def _save(self, name, content):
        """Comments in stylesheets are for us: a phone need not fetch them."""
        if name.startswith("css/"):
            content = ContentFile(CSS_COMMENT.sub(b"", b"".join(content.chunks())))
        return super()._save(name, self._trimmed(name, content))

    def file_hash(self, name, content=None):
        """Of what is served: another class in a template makes another Bootstrap."""
        return super().file_hash(name, self._trimmed(name, content))

    def _trimmed(self, name, content):
        is_bootstrap = name and name.startswith("bootstrap/") and name.endswith(".css")
        if not (is_bootstrap and content):  # the manifest, too, gets a hash
            return content
        css = b"".join(content.chunks()).decode()
        return ContentFile(trimmed(css, self._words, self._our_css).encode())

    @cached_property
    def _words(self):
        crispy = Path(str(files("crispy_bootstrap5"))).rglob("*.html")
        return words([*sources(settings.BASE_DIR), *crispy])

    @cached_property
    def _our_css(self):
        return "".join(path.read_text() for path in (settings.BASE_DIR / "static").rglob("*.css"))

    def create_compressor(self, **options):
        """Maps are for developers' tools and take longer to compress than all the rest."""
        return Compressor(**options | {"extensions": [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]})
