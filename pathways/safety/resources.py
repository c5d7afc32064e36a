"""The one reviewed list of numbers that a student may be shown."""

import datetime as dt
from dataclasses import dataclass

from pathways.safety.files import load

MAX_AGE = dt.timedelta(days=180)


@dataclass(frozen=True)
class Resource:
    """A number or word, where it was read, and when it was last reviewed."""

    id: str
    show: str
    name: str
    source: str
    checked: str
    reviewed: dt.date


def resources() -> tuple[Resource, ...]:
    """Return every reviewed number."""
    numbers = load("resources.yml")["numbers"]
    return tuple(Resource(id=key, **fields) for key, fields in numbers.items())


def shown() -> dict[str, str]:
    """Return what a student sees of each resource, by id."""
    return {resource.id: resource.show for resource in resources()}


def outdated(today: dt.date) -> tuple[str, ...]:
    """Name the resources whose review is more than 180 days old, or in the future."""
    return tuple(
        resource.id
        for resource in resources()
        if not dt.timedelta(0) <= today - resource.reviewed <= MAX_AGE
    )
