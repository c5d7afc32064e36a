"""`python -m setup.image`: builds all that an image needs, and starts nothing."""

from __future__ import annotations

import sys

from setup.layout import Layout
from setup.prepare import prepare
from setup.report import Report, SetupError
from setup.runner import Runner


def main() -> int:
    """Make environments, fonts and the model; return 0 when all stand."""
    layout, report = Layout.find(), Report()
    runner = Runner(layout.root, layout.setup_log)
    try:
        prepare(layout, runner, report)
    except SetupError as error:
        report.say(str(error))
        return 1
    finally:
        runner.stop_all()
    return 0


if __name__ == "__main__":
    sys.exit(main())
