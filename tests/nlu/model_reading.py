"""Reads messages with the trained model; runs in the assistant's environment.

    python -m tests.nlu.model_reading MODEL MOMENT < texts.json > answers.json

Input is a JSON list of texts, or of texts with metadata, as the gateway tells more of
a turn; MOMENT is an ISO 8601 moment that the messages are sent at. For each text comes
out what the whole pipeline answers: intent, ranking, entities and danger, with Rasa as
lean as it runs (ADR 7). It keeps standard output clean.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import sys
from typing import Any

KEPT = ("entity", "value", "code", "start", "end")


def _plain(parsed: dict[str, Any]) -> dict[str, Any]:
    return {
        "intent": parsed["intent"]["name"],
        "confidence": float(parsed["intent"]["confidence"]),
        "ranking": {
            one["name"]: float(one["confidence"]) for one in parsed["intent_ranking"]
        },
        "entities": [
            {name: one[name] for name in KEPT if name in one}
            for one in parsed["entities"]
        ],
        "danger": parsed.get("danger"),
    }


async def read(
    model: str, moment: str, texts: list[str | dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return what the model answers to each text, in order."""
    from rasa.core.agent import Agent  # type: ignore[import-not-found]
    from rasa.core.channels.channel import (  # type: ignore[import-not-found]
        UserMessage,
    )
    from rasa.utils.log_utils import (  # type: ignore[import-not-found]
        configure_structlog,
    )

    from bot.lean import apply

    configure_structlog(logging.ERROR)
    apply()
    processor = Agent.load(model).processor
    answers = []
    for one in texts:
        told = {"text": one, "metadata": {}} if isinstance(one, str) else one
        metadata = {"now": moment, **told["metadata"]}
        message = UserMessage(told["text"], metadata=metadata)
        parsed = await processor.parse_message(message, only_output_properties=True)
        answers.append(_plain(parsed))
    return answers


def main(model: str, moment: str) -> None:
    """Read all texts of standard input and write the answers to standard output."""
    texts = json.load(sys.stdin)
    with contextlib.redirect_stdout(sys.stderr):
        answers = asyncio.run(read(model, moment, texts))
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
