"""Why a file can't be used at all."""

import zipfile
import zlib

# What zipfile lets through of a damaged, cut off or locked file.
BROKEN_ZIP = (
    zipfile.BadZipFile,
    NotImplementedError,  # packed in a way that Python cannot read
    RuntimeError,  # a password
    OSError,
    EOFError,
    IndexError,  # on some damaged directories
    UnicodeDecodeError,  # a file's name that is not the text it says it is
    zlib.error,
)


class FormatError(ValueError):
    """A file can't be used at all; the message says why and what to do."""
