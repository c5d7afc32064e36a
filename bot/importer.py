"""Reads the training files once for a training, however often Rasa asks for them."""

from functools import cache, partial
from pathlib import Path
from typing import Any

import rasa.shared.data
from rasa.shared.core.training_data.story_reader.yaml_story_reader import (
    YAMLStoryReader,
)
from rasa.shared.importers import utils
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot import lean_training
from bot.encoding_ahead import ENCODING, SENTENCES, SHARED, is_training
from bot.sentence_vectors import encode_ahead
from bot.spanish_classifier import encode_shared_ahead

SPANISH = "es"
ONLY_SPANISH = [{"type": "slot", "name": "locale", "value": SPANISH}]
Stamp = tuple[tuple[str, int, int], ...]
lean_training.apply()


def stamp(files: list[str]) -> Stamp:
    """Return what tells a set of files from the same files after a change."""
    found = [(one, Path(one).stat()) for one in files]
    return tuple((one, state.st_mtime_ns, state.st_size) for one, state in found)


@cache
def _sorted_out(paths: tuple[str, ...]) -> tuple[list[str], list[str], list[str]]:
    kinds = (
        rasa.shared.data.is_nlu_file,
        YAMLStoryReader.is_stories_file,
        YAMLStoryReader.is_test_stories_file,
    )
    nlu, stories, tests = (
        rasa.shared.data.get_data_files([*paths], kind) for kind in kinds
    )
    return nlu, stories, tests


@cache
def _nlu_data(files: Stamp, language: str) -> TrainingData:
    names = [name for name, _, _ in files]
    spanish = [name for name in names if _answers_in_spanish(name)]
    read = utils.training_data_from_paths(
        [name for name in names if name not in spanish], language
    )
    answers = utils.training_data_from_paths(spanish, SPANISH).responses
    for name, variants in answers.items():
        said = [{**one, "condition": ONLY_SPANISH} for one in variants]
        read.responses[name] = [*read.responses.get(name, []), *said]
    if is_training():
        _encode_ahead(list(read.training_examples))
    return read


def _encode_ahead(examples: list[Message]) -> None:
    ENCODING.begin(
        {
            SENTENCES: partial(encode_ahead, examples),
            SHARED: partial(encode_shared_ahead, examples),
        }
    )


def _answers_in_spanish(name: str) -> bool:
    """Tell whether a file holds the Spanish texts of responses (data/responses/es)."""
    return Path(name).parts[-3:-1] == ("responses", SPANISH)


class ReadOnceImporter(RasaFileImporter):
    """Rasa's own importer, with what it read kept for the life of the process.

    Spanish texts bear the names of the English ones and stand in files of their own.
    Here they join them as variants on the condition that the slot `locale` is "es".

    Validation and training each ask several times for the same 90 files, and reading
    them is a third of a training. Rasa copies what it merges, so nothing that is kept
    here is changed.
    """

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
        **_: Any,
    ) -> None:
        """Find the files of each kind."""
        self._domain_path, self.config_file = domain_path, config_file
        paths = training_data_paths or []
        given = (paths,) if isinstance(paths, str) else tuple(paths)
        self._nlu_files, self._story_files, self._conversation_test_files = _sorted_out(
            given
        )

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """Return the examples, read once."""
        return _nlu_data(stamp(self._nlu_files), language or "en")
