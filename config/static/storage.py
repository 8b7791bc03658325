from functools import cached_property

from django.conf import settings
from django.contrib.staticfiles.finders import FileSystemFinder
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

from config.static.joined import joined

PACKAGE_FILES = {"chart.umd.js", "chart.umd.js.map"}
JOINED = ("js/", "css/")


class FilesFinder(FileSystemFinder):
    """Our own files, and of the npm packages those that pages load.

    The other 130 of the packages would take longer to compress than all the rest of the set-up.
    """

    def list(self, ignore_patterns):
        for path, storage in super().list(ignore_patterns):
            is_of_a_package = bool(storage.prefix)
            if path in PACKAGE_FILES if is_of_a_package else not path.startswith(JOINED):
                yield path, storage
        for path in self.made:
            yield path, self.joined

    @cached_property
    def made(self):
        return joined(settings.BASE_DIR)

    @cached_property
    def joined(self):
        storage = InMemoryStorage()
        storage.prefix = ""
        for path, content in self.made.items():
            storage.save(path, ContentFile(content))
        return storage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashed names, also inside our ES modules' imports, which Django leaves alone unless asked."""

    support_js_module_import_aggregation = True

    def create_compressor(self, **options):
        """Maps are for developers' tools and take longer to compress than all the rest."""
        return Compressor(**options | {"extensions": [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]})
