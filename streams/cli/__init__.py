"""`tocsin`: the commands. Data goes to standard output, everything else to standard error."""

import os
import sys

from processors.errors import ConfigError, TocsinError

INTERRUPTED = 130


def main() -> None:
    """Entry point: errors become one line on standard error and an exit status."""
    from streams.cli.commands import app  # here, since every reading process imports this module and has no commands

    try:
        app()
    except ConfigError as error:
        _end(f"tocsin: {error}", 2)
    except TocsinError as error:
        _end(f"tocsin: {error}", 1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever read has gone: nothing more to say
        sys.exit(1)
    except KeyboardInterrupt:
        _end("", INTERRUPTED)


def _end(message: str, status: int) -> None:
    if message:
        print(message, file=sys.stderr)  # noqa: T201  the command line's own voice
    sys.exit(status)
