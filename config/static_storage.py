from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashed names, also inside our ES modules' imports, which Django leaves alone unless asked."""

    support_js_module_import_aggregation = True
