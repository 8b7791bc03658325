import re

from django.contrib.staticfiles.finders import FileSystemFinder
from django.core.files.base import ContentFile
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

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
        return super()._save(name, content)

    def create_compressor(self, **options):
        """Maps are for developers' tools and take longer to compress than all the rest."""
        return Compressor(**options | {"extensions": [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]})
