"""The command `python -m deploy.local run`: the whole system on this machine until Ctrl-C."""

import argparse
import asyncio
import sys
import time

from deploy.local.lifetime import end_with_parent
from deploy.local.settings import PREFIX, Settings, inherited_environment, wants_colours
from deploy.local.start_error import StartError

CANNOT_START_CODE = 1


def main() -> int:
    """Read the command line and the settings, run, and answer the exit code: 0 when stopped as asked."""
    names = ", ".join(PREFIX + name.upper() for name in Settings.model_fields)
    parser = argparse.ArgumentParser(prog="python -m deploy.local", description=__doc__, epilog=f"Settings: {names}")
    verbs = parser.add_subparsers(dest="verb", required=True)
    running = verbs.add_parser("run", help="start everything and keep it running")
    running.add_argument(
        "--stop-with-parent", action="store_true", help="stop too when the program that started us is killed"
    )
    arguments = parser.parse_args()
    if arguments.stop_with_parent:
        end_with_parent()
    began = time.monotonic()
    try:
        settings = Settings.load()
        from deploy.local.start import run  # takes a while: bad settings and --help are answered without it

        colours = wants_colours(terminal=sys.stdout.isatty())
        asyncio.run(run(settings, inherited_environment(), began=began, colours=colours))
    except StartError as refused:
        print(f"RJ Hub cannot run: {refused}", file=sys.stderr, flush=True)
        return CANNOT_START_CODE
    return 0


if __name__ == "__main__":
    sys.exit(main())
