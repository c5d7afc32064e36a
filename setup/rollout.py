"""Brings a new model into use while messages flow: one worker after the other.

A spare process loads the model beside the one that serves. Once it answers, the pages
are told its address; the old one ends the turns it has and goes. A spare that does
not come up changes nothing, and workers that were changed before it change back.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from setup.child import Child, ChildSpec, Phase
from setup.model import MANIFEST, current
from setup.report import Report, SetupError

PATIENCE = 120.0
GRACE = 8.0
Clock = Callable[[], float]


class Wanted:
    """The model that the manifest names first; its SHA-256 is checked on a change."""

    def __init__(self, models: Path, running: Path, report: Report) -> None:
        """Begin with the model that runs."""
        self._models, self._report = models, report
        self._stamp = self._look()
        self._model = running

    def __call__(self) -> Path:
        """Return the model to run now."""
        stamp = self._look()
        if stamp != self._stamp:
            self._stamp = stamp
            try:
                self._model = current(self._models)
            except SetupError as error:
                self._report.say(str(error))
        return self._model

    def _look(self) -> tuple[int, int] | None:
        try:
            found = (self._models / MANIFEST).stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino


class Rollout:
    """Compares what runs with what is wanted, each time it is asked to look.

    Args:
        start: makes a child, and its address, for a worker's number and a model.
        wanted: returns the model that every worker should run.
        running: the model that they run now.
        urls: their addresses.
        file: where the pages read the addresses.
        report: tells the person.
        drain: seconds in which an old process ends the turns it has.
        clock: monotonic seconds.
    """

    def __init__(
        self,
        start: Callable[[int, Path], tuple[Child, str]],
        wanted: Callable[[], Path],
        running: Path,
        urls: Sequence[str],
        file: Path,
        report: Report,
        *,
        drain: float,
        clock: Clock,
    ) -> None:
        self._start, self._wanted = start, wanted
        self._models = [running] * len(urls)
        self._urls = list(urls)
        self._file = file
        self._report = report
        self._drain = drain
        self._clock = clock
        self._goal = running
        self._refused: Path | None = None
        self._spare: Child | None = None
        self._number, self._address, self._begun = 0, "", 0.0
        self._leaving: list[tuple[Child, float]] = []
        write_addresses(file, self._urls)

    @property
    def beside(self) -> list[Child]:
        """The spare, and old processes that still end their turns."""
        spare = [self._spare] if self._spare else []
        return [*spare, *(child for child, _ in self._leaving)]

    def look(self, workers: list[Child]) -> bool:
        """Do the next step; replace in `workers` who has changed places.

        Returns:
            Whether anything changed.
        """
        changed = self._see_off()
        if self._spare is None:
            return self._begin(workers) or changed
        return self._watch(self._spare, workers) or changed

    def _begin(self, workers: Sequence[Child]) -> bool:
        wanted = self._wanted()
        if wanted != self._refused:
            self._goal, self._refused = wanted, None
        behind = [n for n, model in enumerate(self._models) if model != self._goal]
        if not behind or workers[behind[0]].phase is not Phase.READY:
            return False
        self._number = behind[0]
        spare, self._address = self._start(self._number, self._goal)
        name = spare.name
        spare.spec = renamed(spare.spec, f"{name}-next")
        self._report.say(f"{name}: a spare loads {self._goal.name}.")
        self._spare, self._begun = spare, self._clock()
        spare.begin()
        return True

    def _watch(self, spare: Child, workers: list[Child]) -> bool:
        changed = spare.look()
        if spare.phase is Phase.READY:
            self._change_places(spare, workers)
            return True
        late = self._clock() - self._begun > PATIENCE
        if late or spare.phase is not Phase.STARTING:
            self._refuse(spare)
            return True
        return changed

    def _change_places(self, spare: Child, workers: list[Child]) -> None:
        old = workers[self._number]
        name = old.name
        old.spec = renamed(old.spec, f"{name}-last")
        spare.spec = renamed(spare.spec, name)
        workers[self._number], self._spare = spare, None
        self._models[self._number] = self._goal
        self._urls[self._number] = self._address
        write_addresses(self._file, self._urls)
        self._leaving.append((old, self._clock() + self._drain))
        seconds = self._clock() - self._begun
        self._report.say(f"{name} runs {self._goal.name} now ({seconds:.0f} s).")

    def _refuse(self, spare: Child) -> None:
        spare.tell(signal.SIGKILL)
        spare.wait(GRACE)
        self._report.say(
            f"{self._goal.name} did not come up, so the model before it stays. "
            f"See {spare.spec.log}"
        )
        self._spare, self._refused = None, self._goal
        self._goal = self._models[self._number]

    def _see_off(self) -> bool:
        """Tell old processes to end once their turns are over; whether one ended."""
        before = len(self._leaving)
        for child, until in self._leaving:
            if self._clock() > until + GRACE:
                child.tell(signal.SIGKILL)
            elif self._clock() > until:
                child.tell(signal.SIGTERM)
        self._leaving = [(child, t) for child, t in self._leaving if child.alive]
        return len(self._leaving) != before


def renamed(spec: ChildSpec, name: str) -> ChildSpec:
    """Return how to start a child, under another name in the state file."""
    return replace(spec, name=name)


def write_addresses(file: Path, urls: Sequence[str]) -> None:
    """Replace the file whole, so that a reader never sees half of it."""
    half = file.with_name(f"{file.name}.half")
    half.write_text("\n".join(urls) + "\n", encoding="ascii")
    half.replace(file)
