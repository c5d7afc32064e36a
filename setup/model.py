"""The trained assistant: known by what it learned from, trusted by its SHA-256."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from setup.layout import Layout
from setup.report import Report, SetupError
from setup.runner import Runner

KEPT = 3
MANIFEST = "manifest.json"
FILES = ("config.yml", "domain.yml", "requirements/rasa.txt")
FOLDERS = {"data": "*", "bot": "*.py"}
HIDDEN = {"__pycache__"}
ADVICE = "Fix what it names, then run `make train`."


@dataclass(frozen=True)
class Model:
    """One trained model as the manifest lists it."""

    file: str
    sha256: str
    hash: str
    trained_at: str


def sources(root: Path) -> Iterator[Path]:
    """Files that the model depends on, in a fixed order."""
    yield from (root / name for name in FILES)
    for folder, pattern in FOLDERS.items():
        for path in sorted((root / folder).rglob(pattern)):
            hidden = HIDDEN.intersection(path.parts) or path.name.startswith(".")
            if path.is_file() and not hidden:
                yield path


def content_hash(root: Path) -> str:
    """Twelve hex digits over the names and contents of `sources`.

    Raises:
        SetupError: a file that every assistant needs is missing.
    """
    digest = hashlib.sha256()
    for path in sources(root):
        if not path.is_file():
            raise SetupError(f"{path} is missing; the assistant needs it.")
        name = path.relative_to(root).as_posix()
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{name}\0{content}\n".encode())
    return digest.hexdigest()[:12]


def read_manifest(models: Path) -> list[Model]:
    """The models this machine trained, the current one first."""
    try:
        found = json.loads((models / MANIFEST).read_text(encoding="utf-8"))
        rows = [found, *found.pop("earlier", [])]
        return [Model(**row) for row in rows]
    except (OSError, ValueError, TypeError, AttributeError):
        return []


def current(models: Path) -> Path:
    """The model to run, checked against the SHA-256 written when it was trained.

    Raises:
        SetupError: there is none, or the file is not the one that was trained.
    """
    known = read_manifest(models)
    if not known:
        raise SetupError("No trained assistant yet: run `make train`.")
    path = models / known[0].file
    check(path)
    return path


def check(path: Path) -> None:
    """Let only a model through whose SHA-256 its folder's manifest lists.

    Raises:
        SetupError: it is missing, or not the file that was trained.
    """
    if not path.is_file():
        raise SetupError(f"{path} is missing: run `make train`.")
    known = {model.file: model.sha256 for model in read_manifest(path.parent)}
    if file_sha256(path) != known.get(path.name):
        raise SetupError(
            f"{path} is not the file that was trained here (its SHA-256 differs from "
            f"models/{MANIFEST}), so it is not started: delete it and run `make train`."
        )


def why_not(path: Path) -> str:
    """Say why a model may not be started; empty where it may."""
    try:
        check(path)
    except SetupError as error:
        return str(error)
    return ""


def go_back(models: Path) -> Path:
    """Name the model before the current one as the one to run; return it.

    Raises:
        SetupError: there is none, or its file is not the one that was trained.
    """
    known = read_manifest(models)
    if len(known) < 2:
        raise SetupError("There is no earlier model to go back to.")
    newest, earlier, *rest = known
    path = models / earlier.file
    if not path.is_file() or file_sha256(path) != earlier.sha256:
        raise SetupError(f"{path} is missing or altered: it is not started.")
    _write_manifest(models, earlier, [newest, *rest])
    return path


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def ensure_model(
    layout: Layout,
    now: datetime,
    runner: Runner,
    report: Report,
    *,
    force: bool = False,
) -> Path:
    """The model for what stands in the folder now; trained only when it is new.

    Raises:
        SetupError: training failed, or a kept model was altered.
    """
    wanted = content_hash(layout.root)
    known = read_manifest(layout.models)
    match = next((model for model in known if model.hash == wanted), None)
    if match and not force and (layout.models / match.file).is_file():
        if match != known[0]:
            _write_manifest(layout.models, match, known)
        return current(layout.models)
    path = _train(layout, f"milepost-{wanted}.tar.gz", runner, report)
    trained_at = now.isoformat(timespec="seconds")
    model = Model(path.name, file_sha256(path), wanted, trained_at)
    _write_manifest(layout.models, model, known)
    return path


def _train(layout: Layout, name: str, runner: Runner, report: Report) -> Path:
    """Train in a folder aside, so that a broken run leaves the old model alone."""
    aside = layout.var / "train"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    command: list[str | Path] = [layout.venv_rasa / "bin" / "python", "-m", "rasa"]
    # `make test` validates the files; doing it here too would cost a fifth more.
    command += ["train", "--skip-validation"]
    command += ["--domain", "domain.yml", "--config", "config.yml"]
    command += ["--data", "data", "--out", aside, "--fixed-model-name", name]
    with report.step("Training the assistant") as step:

        def progress(line: str) -> None:
            _, mark, component = line.partition("Starting to train component ")
            if mark:
                step.note = f"now {component.strip()}"

        runner.run(command, "train", advice=ADVICE, on_line=progress)
    made = next(aside.glob("*.tar.gz"), None)
    if made is None:
        raise SetupError(f"Training made no model; see {runner.log}. {ADVICE}")
    layout.models.mkdir(exist_ok=True)
    path = layout.models / name
    made.replace(path)
    shutil.rmtree(aside, ignore_errors=True)
    return path


def _write_manifest(models: Path, first: Model, known: list[Model]) -> None:
    earlier = [model for model in known if model.file != first.file]
    kept, gone = earlier[: KEPT - 1], earlier[KEPT - 1 :]
    content = asdict(first) | {"earlier": [asdict(model) for model in kept]}
    half = models / f"{MANIFEST}.half"
    half.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    half.replace(models / MANIFEST)
    for model in gone:
        (models / model.file).unlink(missing_ok=True)
