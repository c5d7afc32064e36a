"""Where everything stands on disk."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parents[1]
PRIVATE = 0o700
VAR_DIR = "MILEPOST_VAR_DIR"


@dataclass(frozen=True)
class Layout:
    """Folders and files of one checkout."""

    root: Path = ROOT
    var_name: str = "var"

    @classmethod
    def find(cls, root: Path = ROOT, environ: Mapping[str, str] = os.environ) -> Self:
        """The layout of a checkout, with `MILEPOST_VAR_DIR` taken into account."""
        named = environ.get(VAR_DIR) or read_env_file(root / ".env").get(VAR_DIR)
        return cls(root, named or "var")

    @property
    def venv(self) -> Path:
        """The product's environment."""
        return self.root / ".venv"

    @property
    def venv_rasa(self) -> Path:
        """The assistant's environment."""
        return self.root / ".venv-rasa"

    @property
    def requirements(self) -> Path:
        """Lock files."""
        return self.root / "requirements"

    @property
    def var(self) -> Path:
        """Everything this machine makes and keeps."""
        return self.root / self.var_name

    def make_private(self) -> None:
        """Make the folders of `var`, open to their owner only (mode 700)."""
        for folder in (self.var, self.run, self.logs):
            folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        self.var.chmod(PRIVATE)

    @property
    def run(self) -> Path:
        """State of the running processes."""
        return self.var / "run"

    @property
    def logs(self) -> Path:
        """Logs of set-up and of the running processes."""
        return self.var / "log"

    @property
    def local_env(self) -> Path:
        """Secrets that the first run makes."""
        return self.var / "local.env"

    @property
    def setup_log(self) -> Path:
        """What pip, npm, apt-get and Rasa said during set-up."""
        return self.logs / "setup.log"

    @property
    def models(self) -> Path:
        """Trained assistants."""
        return self.root / "models"

    @property
    def vendor(self) -> Path:
        """Front-end files of others, copied at set-up."""
        return self.root / "web" / "static" / "vendor"


def read_env_file(path: Path) -> dict[str, str]:
    """NAME=value lines of a file; a missing file is empty."""
    if not path.is_file():
        return {}
    found: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        name, sign, value = line.strip().removeprefix("export ").partition("=")
        if sign and not name.startswith("#"):
            found[name.strip()] = value.strip().strip("\"'")
    return found
