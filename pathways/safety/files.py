"""Read the reviewed YAML files that stand beside this package."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from pathways.yaml_file import read_yaml

_HERE = Path(__file__).parent


@lru_cache(maxsize=32)
def load(name: str) -> Any:
    """Return the parsed file; each file is read once in a process."""
    return read_yaml(_HERE / name)
