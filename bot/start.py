"""Loaded when the Rasa environment's Python starts, by a .pth file.

Rasa 3.6 imports TensorFlow even when no component of the assistant uses it, and
`rasa run` imports the clients of a dozen chat services, databases and plotting.
This module answers those imports with empty names (docs/adr/0002), switches
Rasa's telemetry off, and fills in the settings that `endpoints.yml` and
`credentials.yml` name, so that the plain `rasa` commands work.
"""

import gc
import importlib.abc
import importlib.machinery
import os
import sys
import types
from collections.abc import Mapping
from pathlib import Path

STOOD_IN = frozenset(
    {
        "tensorflow",
        "tensorflow_text",
        "tensorflow_hub",
        "tensorflow_addons",
        "keras",
        "jax",
        "jaxlib",
    }
)
# What `rasa run` imports and a server of this assistant never calls.
LEFT_OUT = frozenset(
    {
        "PIL",
        "aio_pika",
        "aiogram",
        "boto3",
        "botocore",
        "fbmessenger",
        "google.auth",
        "google.oauth2",
        "jinja2",
        "mattermostwrapper",
        "matplotlib",
        "prompt_toolkit",
        "pymongo",
        "questionary",
        "redis",
        "sanic_jwt",
        "scipy.stats",
        "sklearn.model_selection",
        "slack_sdk",
        "socketio",
        "spacy.cli",
        "twilio",
        "webexteamssdk",
    }
)
# Where these are missing, their users do without.
HIDDEN = frozenset({"rich"})
LOADING_PACE = 200_000
WHOLE = "MILEPOST_WHOLE_RASA"
LEFT_OUT_WORDS = (
    "This start left out what Milepost never uses, and something asked for it "
    "({name}): set " + WHOLE + "=1 to start with the whole of Rasa."
)
NEEDS_TENSORFLOW = (
    "This assistant runs without TensorFlow, and something here asked for it "
    "({name}): take DIETClassifier, TEDPolicy, ResponseSelector and other "
    "TensorFlow components out of config.yml, or make an environment with "
    "`pip install rasa==3.6.21` on Python 3.10."
)
DEFAULTS = {
    "RASA_TELEMETRY_ENABLED": "false",
    "MILEPOST_ACTION_URL": "http://127.0.0.1:8000/internal/actions",
    "MILEPOST_ACTION_TOKEN": "not-set",
    "MILEPOST_CHANNEL_SECRET": "not-set",
    "MILEPOST_TRACKER_URL": "sqlite:///var/rasa.db",
    "MILEPOST_GAZETTEER_PATH": "var/gazetteer.json",
}


class NotHere(ImportError):
    """Something that really works with what is stood in was configured."""


class _NamesStandIn(type):
    """Class attributes of a stood-in class exist and are stood in themselves."""

    def __getattr__(cls, name: str) -> object:
        return _stand_in_for(f"{cls.__module__}.{cls.__name__}", name)


def _refuse(self: object, *args: object, **kwargs: object) -> None:
    kind = type(self)
    family = kind.__module__.partition(".")[0]
    words = NEEDS_TENSORFLOW if family in STOOD_IN else LEFT_OUT_WORDS
    raise NotHere(words.format(name=f"{kind.__module__}.{kind.__name__}"))


class _CallThrough:
    """A stood-in function: a decorator passes its function on, all else is empty."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return _stand_in_for(self._path, name)

    def __call__(self, *args: object, **kwargs: object) -> object:
        if len(args) == 1 and not kwargs and callable(args[0]):
            return args[0]
        return self

    def __mro_entries__(self, bases: tuple) -> tuple:
        return (object,)

    def __iter__(self):
        return iter(())

    def __repr__(self) -> str:
        return f"<stand-in for {self._path}>"


def _stand_in_for(parent: str, name: str) -> object:
    if name.startswith("__"):
        raise AttributeError(name)
    if name[:1].isupper():
        body = {"__module__": parent, "__init__": _refuse}
        return _NamesStandIn(name, (), body)
    return _CallThrough(f"{parent}.{name}")


class _StandInModule(types.ModuleType):
    __path__: list = []

    def __getattr__(self, name: str) -> object:
        if name == "__version__":
            return "2.12.0"
        value = _stand_in_for(self.__name__, name)
        setattr(self, name, value)
        return value


class _Loader(importlib.abc.Loader):
    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _StandInModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        module.__path__ = []


class StandInFinder(importlib.abc.MetaPathFinder):
    """Answers imports of some families of modules, and of nothing else.

    Args:
        families: names of modules that are stood in, with all below them.
        hidden: names of modules that are said to be missing.
    """

    def __init__(self, families: frozenset, hidden: frozenset = frozenset()) -> None:
        self._families, self._hidden = families, hidden

    def find_spec(
        self, fullname: str, path: object = None, target: object = None
    ) -> "importlib.machinery.ModuleSpec | None":
        """Return the stand-in for a module of a family, None for any other."""
        parts = fullname.split(".")
        above = {".".join(parts[:count]) for count in range(1, len(parts) + 1)}
        if above & self._hidden:
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)
        if not above & self._families:
            return None
        return importlib.machinery.ModuleSpec(fullname, _Loader(), is_package=True)


def is_server(command: list, environ: Mapping) -> bool:
    """Whether a command is `rasa run`, and nobody asked for the whole of Rasa."""
    words = [Path(word).name for word in command]
    if "rasa" not in words or environ.get(WHOLE):
        return False
    return words[words.index("rasa") + 1 :][:1] == ["run"]


def leave_out() -> None:
    """Stand in for what a server never calls; let `distutils` come from Python.

    What is loaded now stays, so looking for garbage in it waits; the channel sets
    Python's own pace again once the server is up.
    """
    gc.set_threshold(LOADING_PACE)
    sys.meta_path.insert(0, StandInFinder(LEFT_OUT, HIDDEN))
    for finder in list(sys.meta_path):
        if type(finder).__module__ == "_distutils_hack":
            sys.meta_path.remove(finder)


def say_plainly(kind: type, error: BaseException, trace: object) -> None:
    """Say one sentence where something stood in was used; show other errors whole."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, NotHere):
            print(cause, file=sys.stderr)
            return
        cause = cause.__cause__ or cause.__context__
    sys.__excepthook__(kind, error, trace)


def local_settings(folder: Path) -> dict:
    """Read NAME=value lines of `.env` and `var/local.env`; the first one wins."""
    found: dict = {}
    for file in (folder / ".env", folder / "var" / "local.env"):
        if not file.is_file():
            continue
        for line in file.read_text(encoding="utf-8").splitlines():
            name, sign, value = line.strip().partition("=")
            if sign and not name.startswith("#"):
                found.setdefault(name.strip(), value.strip().strip("\"'"))
    return found


def begin() -> None:
    """Put the stand-in on the import path and fill in unset settings."""
    if not any(isinstance(finder, StandInFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, StandInFinder(STOOD_IN))
        if is_server(sys.orig_argv, os.environ):
            leave_out()
    sys.excepthook = say_plainly
    try:
        local = local_settings(Path.cwd())
    except OSError:
        local = {}
    for name, value in {**DEFAULTS, **local}.items():
        os.environ.setdefault(name, value)
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"


begin()
