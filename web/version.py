"""Which code, model and catalog are running."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

from pathways.app import Milepost

CODE = "0.1.0"
MODELS = Path(str(resources.files("pathways"))).parent / "models"


def versions(milepost: Milepost) -> dict[str, Any]:
    """Return the versions; the catalog's by school code."""
    with milepost.work() as work:
        catalogs = {
            school.code: milepost.catalogs.current(work, school.id).version
            for school in work.people.schools()
        }
    return {"code": CODE, "model": _model(), "catalog": catalogs}


def _model() -> str | None:
    try:
        manifest = json.loads((MODELS / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return str(manifest.get("hash") or manifest.get("file") or "") or None
