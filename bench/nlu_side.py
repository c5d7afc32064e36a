"""One side of the understanding benchmark: train, then read every message.

Runs inside an environment with Rasa, ours or the stock one, so it keeps to
Python 3.10 and imports nothing of the project:

    python -m bench.nlu_side CONFIG TRAINING MESSAGES FOLDER OUT

MESSAGES is a JSON list of texts. OUT gets seconds of training and, for each text,
what the pipeline answered, its ranking and its seconds. FOLDER keeps the model; one
that is there already is read again, and then no training time is written.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

NAME = "model"


def train(config: str, training: str, folder: Path) -> dict[str, float]:
    """Train and return seconds: loading Rasa, training, and both."""
    begun = time.perf_counter()
    from rasa.model_training import train_nlu  # type: ignore[import-not-found]

    loaded = time.perf_counter()
    made = train_nlu(config, training, str(folder), fixed_model_name=NAME)
    done = time.perf_counter()
    if made is None:
        raise SystemExit("Training made no model.")
    return {
        "import_seconds": loaded - begun,
        "train_seconds": done - loaded,
        "whole_seconds": done - begun,
    }


async def read(model: Path, texts: list[str]) -> list[dict[str, Any]]:
    """Return the intent, the ranking and the seconds that each text took."""
    from rasa.core.agent import Agent  # type: ignore[import-not-found]

    agent = Agent.load(str(model))
    answers = []
    for text in texts:
        begun = time.perf_counter()
        found = await agent.parse_message(text)
        answers.append(
            {
                "seconds": time.perf_counter() - begun,
                "intent": found["intent"]["name"],
                "ranking": [
                    [one["name"], float(one["confidence"])]
                    for one in found["intent_ranking"]
                ],
            }
        )
    return answers


def main(arguments: list[str]) -> None:
    """Train where there is no model yet, read all messages, write what came out."""
    config, training, messages, folder, out = arguments
    model = Path(folder) / f"{NAME}.tar.gz"
    found: dict[str, Any] = {}
    if not model.is_file():
        found.update(train(config, training, Path(folder)))
    texts = json.loads(Path(messages).read_text(encoding="utf-8"))
    found["answers"] = asyncio.run(read(model, texts))
    Path(out).write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
