"""Time the safety screen beside a plain keyword list, in one run.

Prints p95 milliseconds of both and their ratio; not a test, since a busy machine
would make it fail. Run: ``.venv/bin/python -m bench.safety``.
"""

import json
import re
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from pathways.safety import screen

ROOT = Path(__file__).parents[1]
KEYWORDS = re.compile(
    r"suicid|kill myself|want to die|end my life|self.?harm|cut myself|overdose|"
    r"hit me|abuse|rape|gun|bully|homeless|drunk",
    re.IGNORECASE,
)
ROUNDS = 5


def messages() -> list[str]:
    """Every message of the test sets, and each as part of a 2,000-character one."""
    texts: list[str] = []
    for path in sorted((ROOT / "tests" / "safety").glob("cases_*.yml")):
        for group in yaml.safe_load(path.read_text(encoding="utf-8")):
            texts += [t if isinstance(t, str) else t[-1] for t in group["texts"]]
    return texts


def p95_ms(run: Callable[[str], object], texts: list[str]) -> float:
    """The 95th percentile of one call, in milliseconds."""
    times: list[float] = []
    for _ in range(ROUNDS):
        for text in texts:
            start = time.perf_counter()
            run(text)
            times.append((time.perf_counter() - start) * 1000)
    return statistics.quantiles(times, n=100)[94]


def main() -> None:
    """Print and store the figures."""
    texts = messages()
    step = 40
    long = [" ".join(texts[i : i + step])[:2000] for i in range(0, len(texts), step)]
    screen("warm up")
    result = {
        "messages": len(texts),
        "screen_p95_ms": round(p95_ms(screen, texts), 3),
        "keywords_p95_ms": round(p95_ms(KEYWORDS.search, texts), 4),
        "screen_2000_characters_p95_ms": round(p95_ms(screen, long), 2),
    }
    result["ratio"] = round(result["screen_p95_ms"] / result["keywords_p95_ms"], 1)
    sys.stdout.write(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
