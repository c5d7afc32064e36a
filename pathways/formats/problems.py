"""Why a file can't be used at all."""


class FormatError(ValueError):
    """A file can't be used at all; the message says why and what to do."""
