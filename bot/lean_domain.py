"""Reads the domain of a finished model once, by the parser in C (docs/adr/0007).

Rasa parses it four times in Python, two of these to check it against a schema, which
training has done already. That took two of the eleven seconds of a start.
"""

import re
from typing import Any

import yaml
from rasa.engine.graph import ExecutionContext
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.graph_components.providers.domain_provider import DomainProvider
from rasa.shared.core.domain import Domain

NAME = "domain.yml"
PLAIN = {
    "tag:yaml.org,2002:null": (r"~|null|Null|NULL|", "~nN"),
    "tag:yaml.org,2002:bool": (r"true|True|TRUE|false|False|FALSE", "tTfF"),
    "tag:yaml.org,2002:int": (r"[-+]?[0-9]+", "-+0123456789"),
    "tag:yaml.org,2002:float": (
        r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?",
        "-+.0123456789",
    ),
}


class Reader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """YAML as Rasa writes it: 1.2, where `no`, `on` and `12:30` are words."""

    yaml_implicit_resolvers: dict[str, Any] = {}


for _tag, (_words, _first) in PLAIN.items():
    _starts = [*_first, ""] if _tag.endswith("null") else list(_first)
    Reader.add_implicit_resolver(_tag, re.compile(f"^(?:{_words})$"), _starts)


def read_domain(text: str) -> Domain:
    """Return the domain that a training wrote; it was checked before."""
    return Domain.from_dict(yaml.load(text, Loader=Reader))  # noqa: S506


def load_domain(
    cls: type[DomainProvider],
    config: dict[str, Any],
    model_storage: ModelStorage,
    resource: Resource,
    execution_context: ExecutionContext,
    **kwargs: Any,
) -> DomainProvider:
    """Make the part of the graph that tells the others the domain."""
    with model_storage.read_from(resource) as folder:
        text = (folder / NAME).read_text(encoding="utf-8")
    return cls(model_storage, resource, read_domain(text))
