"""What a message comes to in the product: the screen, then the assistant's readers.

    PYTHONPATH=.:tests .venv/bin/python tests/safety/whole_path.py fresh4 [MODEL]

Reads every single message of a set with the screen of this tree and with the trained
model of this tree (or MODEL), as the gateway would have them read it outside of any
question, and prints totals by group, no message: of how many, right level and kind,
and red of any kind, by the screen alone and by the whole path.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rasa_side import model_reads
from sets import HERE, is_right, load_groups

from pathways.safety import Screening, screen
from pathways.services.buttons import Reply
from web.second_net import heard

DISCLOSED = "disclose_crisis"


@dataclass(frozen=True)
class Read:
    """A message, what it should come to, by the screen alone, and by the whole path."""

    group: str
    expect: str
    text: str
    seen: Screening
    found: Screening


def assistant_reads(
    asked: Sequence[tuple[str, Screening]], model: Path
) -> list[dict[str, Any]]:
    """Return what the trained model makes of messages that the screen has seen."""
    given = [
        {
            "text": text,
            "metadata": {
                "screened": {"calm": seen.calm, "likeness": seen.likeness},
                "locale": "en",
            },
        }
        for text, seen in asked
    ]
    return model_reads(model, given, {})


def decided(seen: Screening, answer: dict[str, Any]) -> Screening:
    """Return what the gateway makes of both; a red screen asks nobody."""
    if seen.level == "red":
        return seen
    reply: Reply = {"text": "", "danger": answer.get("danger")}
    if answer["intent"] == DISCLOSED:
        reply["crisis"] = True
    return heard(seen, [reply])


def read_set(names: Sequence[str], model: Path) -> list[Read]:
    """Read every single message of a set both ways."""
    cases = [
        (group["group"], group["expect"], text, screen(text))
        for group in load_groups(*names)
        for text in group["texts"]
        if isinstance(text, str)
    ]
    answers = assistant_reads([(text, seen) for _, _, text, seen in cases], model)
    return [
        Read(group, expect, text, seen, decided(seen, answer))
        for (group, expect, text, seen), answer in zip(cases, answers, strict=True)
    ]


def by_group(told: Sequence[Read]) -> dict[str, list[Read]]:
    """Return the messages of each group."""
    groups: dict[str, list[Read]] = defaultdict(list)
    for one in told:
        groups[one.group].append(one)
    return groups


def totals(expect: str, found: Sequence[Screening]) -> str:
    """Return how many are right, red and soft."""
    levels = [one.level for one in found]
    right = sum(is_right(expect, one) for one in found)
    return f"{right} {levels.count('red')} {levels.count('soft')}"


def main(folder: str, model: str = "") -> None:
    from live import model_file

    names = sorted(f"{folder}/{one.name}" for one in (HERE / folder).glob("*.yml"))
    told = read_set(names, Path(model) if model else model_file())
    print("group n | screen: right, red, soft | whole path: right, red, soft | own")
    for group, cases in by_group(told).items():
        expect = cases[0].expect
        found = [one.found for one in cases]
        by_screen = totals(expect, [one.seen for one in cases])
        own = sum(one.category == "self_harm" for one in found)
        print(f"{group} {len(cases)} | {by_screen} | {totals(expect, found)} | {own}")


if __name__ == "__main__":
    main(*sys.argv[1:])
