import io
import json
import tarfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from setup.layout import Layout
from setup.model import KEPT, content_hash, current, ensure_model, read_manifest
from setup.report import Report, SetupError
from setup.runner import Runner

NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)


class FakeRasa(Runner):
    """Writes a small archive where `rasa train` would write the model."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, folder / "setup.log")
        self.trained = 0
        self.broken = False

    def run(
        self,
        command: Sequence[str | Path],
        label: str,
        *,
        advice: str = "",
        extra: Mapping[str, str] | None = None,
        on_line: Callable[[str], None] = lambda line: None,
        folder: Path | None = None,
    ) -> None:
        if self.broken:
            raise SetupError(f"{label} failed. {advice}")
        words = [str(word) for word in command]
        out = Path(words[words.index("--out") + 1])
        name = words[words.index("--fixed-model-name") + 1]
        self.trained += 1
        (out / "notes.txt").write_text(f"training {self.trained}")
        with tarfile.open(out / name, "w:gz") as archive:
            archive.add(out / "notes.txt", "notes.txt")


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    for name in ("config.yml", "domain.yml", "requirements/rasa.txt"):
        put(tmp_path / name, name)
    put(tmp_path / "data" / "nlu" / "shared.yml", "hello")
    put(tmp_path / "bot" / "channel.py", "x = 1\n")
    return Layout(tmp_path)


@pytest.fixture
def rasa(tmp_path: Path) -> FakeRasa:
    return FakeRasa(tmp_path)


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def ensure(layout: Layout, rasa: FakeRasa, *, force: bool = False) -> Path:
    return ensure_model(layout, NOON, rasa, Report(io.StringIO()), force=force)


def test_a_model_is_trained_once_and_named_after_its_content(
    layout: Layout, rasa: FakeRasa
) -> None:
    path = ensure(layout, rasa)

    assert path.name == f"milepost-{content_hash(layout.root)}.tar.gz"
    assert ensure(layout, rasa) == path == current(layout.models)
    assert rasa.trained == 1


def test_the_manifest_tells_what_was_trained_and_when(
    layout: Layout, rasa: FakeRasa
) -> None:
    path = ensure(layout, rasa)

    manifest = json.loads((layout.models / "manifest.json").read_text())

    assert manifest["file"] == path.name
    assert manifest["hash"] == content_hash(layout.root)
    assert manifest["trained_at"] == "2026-09-01T12:00:00+00:00"
    assert len(manifest["sha256"]) == 64


@pytest.mark.parametrize(
    "name",
    [
        "config.yml",
        "domain.yml",
        "requirements/rasa.txt",
        "data/nlu/shared.yml",
        "data/rules/new.yml",
        "bot/channel.py",
        "bot/parts/new.py",
    ],
)
def test_a_change_in_what_it_learns_from_trains_again(
    layout: Layout, rasa: FakeRasa, name: str
) -> None:
    ensure(layout, rasa)

    put(layout.root / name, "changed")
    ensure(layout, rasa)

    assert rasa.trained == 2


@pytest.mark.parametrize(
    "name", ["README.md", "actions/x.py", "bot/__pycache__/x.py", "data/.swp"]
)
def test_a_change_elsewhere_does_not_train(
    layout: Layout, rasa: FakeRasa, name: str
) -> None:
    ensure(layout, rasa)

    put(layout.root / name, "changed")
    ensure(layout, rasa)

    assert rasa.trained == 1


def test_moving_text_between_files_changes_the_hash(layout: Layout) -> None:
    before = content_hash(layout.root)

    (layout.root / "data/nlu/shared.yml").rename(layout.root / "data/nlu/other.yml")

    assert content_hash(layout.root) != before


def test_going_back_takes_the_kept_model(layout: Layout, rasa: FakeRasa) -> None:
    first = ensure(layout, rasa)
    put(layout.root / "config.yml", "changed")
    ensure(layout, rasa)

    put(layout.root / "config.yml", "config.yml")

    assert ensure(layout, rasa) == first == current(layout.models)
    assert rasa.trained == 2


def test_the_last_three_models_are_kept(layout: Layout, rasa: FakeRasa) -> None:
    made = []
    for number in range(KEPT + 2):
        put(layout.root / "config.yml", str(number))
        made.append(ensure(layout, rasa))

    assert [path.exists() for path in made] == [False, False, True, True, True]
    assert len(read_manifest(layout.models)) == KEPT


def test_an_altered_model_is_refused(layout: Layout, rasa: FakeRasa) -> None:
    path = ensure(layout, rasa)

    path.write_bytes(path.read_bytes() + b"x")

    with pytest.raises(SetupError, match="not the file that was trained here"):
        current(layout.models)
    with pytest.raises(SetupError, match="not the file that was trained here"):
        ensure(layout, rasa)


def test_a_foreign_model_is_not_taken_for_ours(layout: Layout, rasa: FakeRasa) -> None:
    name = f"milepost-{content_hash(layout.root)}.tar.gz"
    put(layout.models / name, "foreign")
    with pytest.raises(SetupError, match="make train"):
        current(layout.models)

    ensure(layout, rasa)

    assert rasa.trained == 1
    assert current(layout.models).read_bytes() != b"foreign"


def test_make_train_trains_what_is_trained_already(
    layout: Layout, rasa: FakeRasa
) -> None:
    ensure(layout, rasa)

    path = ensure(layout, rasa, force=True)

    assert rasa.trained == 2
    assert current(layout.models) == path
    assert len(read_manifest(layout.models)) == 1


def test_a_failed_training_leaves_the_old_model_alone(
    layout: Layout, rasa: FakeRasa
) -> None:
    path = ensure(layout, rasa)
    put(layout.root / "config.yml", "changed")
    rasa.broken = True

    with pytest.raises(SetupError, match="make train"):
        ensure(layout, rasa)

    assert current(layout.models) == path


def test_a_broken_manifest_counts_as_no_model(layout: Layout, rasa: FakeRasa) -> None:
    ensure(layout, rasa)
    (layout.models / "manifest.json").write_text('{"file": ')

    with pytest.raises(SetupError, match="No trained assistant"):
        current(layout.models)
    ensure(layout, rasa)
    assert current(layout.models).is_file()


def test_a_missing_domain_is_named(layout: Layout) -> None:
    (layout.root / "domain.yml").unlink()

    with pytest.raises(SetupError, match="domain.yml is missing"):
        content_hash(layout.root)


@pytest.mark.parametrize("part", range(20))
def test_a_single_flipped_bit_anywhere_is_refused(
    layout: Layout, rasa: FakeRasa, part: int
) -> None:
    """X7: 20 places over the file, its first byte and its last among them."""
    path = ensure(layout, rasa)
    content = bytearray(path.read_bytes())
    content[part * (len(content) - 1) // 19] ^= 1 << part % 8
    path.write_bytes(content)

    with pytest.raises(SetupError, match="not the file that was trained here"):
        current(layout.models)
    with pytest.raises(SetupError, match="not the file that was trained here"):
        ensure(layout, rasa)
