"""Static files under names that carry a hash of their content, so that a browser may keep them for good."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

_, IMPORTS = CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """What our own modules import has such a name too: else a release would be mixed with the one before.

    Django can do this for every script or for none; those of other packages name files that they do not bring.
    """

    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("js/*.js", IMPORTS))
