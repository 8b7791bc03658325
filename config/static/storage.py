import re
from functools import cached_property
from importlib.resources import files
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import FileSystemFinder
from django.core.files.base import ContentFile
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


class FilesFinder(FileSystemFinder):
    """Our own files, and of the npm packages those that pages load.

    The other 130 of the packages would take longer to compress than all the rest of the set-up.
    """

    def list(self, ignore_patterns):
        for path, storage in super().list(ignore_patterns):
            if not storage.prefix or path in PACKAGE_FILES:
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
