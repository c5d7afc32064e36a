"""`python -m setup COMMAND`: what each make target does."""

from __future__ import annotations

import signal
import sys
from types import FrameType

from setup.commands import COMMANDS
from setup.layout import Layout
from setup.report import Report, SetupError
from setup.runner import Runner

USAGE = f"usage: python -m setup {{{'|'.join(COMMANDS)}}}"


def main(arguments: list[str]) -> int:
    """Run one command; Ctrl-C and SIGTERM end all that it started."""
    if len(arguments) != 1 or arguments[0] not in COMMANDS:
        print(USAGE, file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, _interrupt)
    layout, report = Layout.find(), Report()
    runner = Runner(layout.root, layout.setup_log)
    try:
        return COMMANDS[arguments[0]](layout, runner, report)
    except SetupError as error:
        report.say(str(error))
        return 1
    except KeyboardInterrupt:
        report.say("Stopped.")
        return 130
    finally:
        runner.stop_all()


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
