"""Checks or saves one file in a process of its own, so that nobody's turn waits.

Started by the pages with the settings and the file on standard input, and with the
file's lock, which the system lets go of when this process ends.
"""

from __future__ import annotations

import json
import os
import sys

from pathways.app import build
from pathways.services import staged_imports
from pathways.services.access import Actor, Role
from pathways.settings import Settings


def main() -> None:
    """Read what to do from standard input, and do it."""
    told = json.load(sys.stdin)
    milepost = build(Settings.model_validate(told["settings"]))
    actor = Actor(told["actor"], told["school"], Role(told["role"]), told["language"])
    try:
        staged_imports.run(milepost, actor, told["staged"])
    finally:
        os.close(told["lock"])  # at once: the person's next click needs it
        milepost.engine.dispose()


if __name__ == "__main__":
    main()
