"""Whose credential it is: a student's id in plain words, or as a salted hash."""

from __future__ import annotations

import hashlib
from typing import Any

from pathways.formats.credential_levels import listed


def student_of(subjects: list[dict[str, Any]], people: tuple[str, ...]) -> str:
    """Return the student whom a subject names: in plain words, or as a hash."""
    known = {name.casefold(): name for name in people}
    for subject in subjects:
        for identity in listed(subject.get("identifier")):
            stated, salt = str(identity["identityHash"]), str(identity.get("salt", ""))
            if identity["hashed"]:
                found = next((n for n in people if is_hash(stated, n, salt)), "")
            else:
                found = known.get(stated.casefold(), "")
            if found:
                return found
        if str(subject.get("id", "")).casefold() in known:
            return known[str(subject["id"]).casefold()]
    return ""


def is_hash(stated: str, name: str, salt: str) -> bool:
    """Tell whether an identity hash (`sha256$...`) is of a name.

    A hash by MD5, which old badges may bring, tells nothing (ASVS 11.4.1).
    """
    method, _, digest = stated.partition("$")
    if method != "sha256":
        return False
    found = hashlib.sha256(f"{name}{salt}".encode())
    return found.hexdigest() == digest.casefold()
