"""Read the reviewed YAML files that stand beside this package."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

_HERE = Path(__file__).parent


@lru_cache(maxsize=32)
def load(name: str) -> Any:
    """Return the parsed file; each file is read once in a process."""
    with (_HERE / name).open(encoding="utf-8") as stream:
        return yaml.safe_load(stream)
