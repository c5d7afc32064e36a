"""The public keys of issuers that a school trusts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pathways.formats.credential_proof import pem_of
from pathways.formats.json_files import documents, load_json
from pathways.formats.problems import FormatError


def read_keys(path: Path) -> dict[str, Any]:
    """Read a JSON object of issuer -> key (PEM, JWK, or multibase like z6Mk...).

    Raises:
        FormatError: it is something else.
    """
    [document] = documents(path)
    try:
        keys = load_json(document.text)
        if not isinstance(keys, dict):
            raise ValueError("write an object: issuer -> key")
        return {issuer: pem_of(key).decode() for issuer, key in keys.items()}
    except ValueError as error:
        raise FormatError(f"{path.name}: {error}.") from error
