"""What several folders of tests share."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from live import Live, running


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The running product with its real assistant, one for the whole run."""
    with running(tmp_path_factory.mktemp("live")) as live:
        yield live
