"""Reads YAML files of the product, with the fast parser where it is there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(file: Path) -> Any:
    """Return what a YAML file (UTF-8) holds: plain values only, never objects.

    Raises:
        yaml.YAMLError: it is not YAML.
    """
    return yaml.load(file.read_text(encoding="utf-8"), LOADER)  # noqa: S506
