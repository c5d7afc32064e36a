"""Requests of every kind, in full: some 50,000 in one run (X9)."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from crash_talkers import count_of, say

EACH = count_of("FUZZ", 220)
ROOT = Path(__file__).parents[1]


def fuzz() -> bool:
    """Send each route, form and body as many requests as FAULT_FUZZ says."""
    test = ROOT / "tests" / "web" / "test_fuzz.py"
    command = [sys.executable, "-m", "pytest", str(test), "-q", "-s", "--reruns", "0"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "MILEPOST_FUZZ": str(EACH)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    counts = re.findall(r"^fuzz: (.+)$", done.stdout, re.M)
    say("requests of every kind", f"{EACH} a route and test: {'; '.join(counts)}")
    if done.returncode:
        print(done.stdout[-5000:], flush=True)
    return not done.returncode
