"""The static files of production: named after their content, in the imports between our modules too."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """An import names its module by hash, so that a browser may keep each for ever and never mixes two releases."""

    support_js_module_import_aggregation = True
    # Each pass settles the names one import further from the leaves.
    max_post_process_passes = 10
