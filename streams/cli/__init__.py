"""`tocsin`: the commands. Data goes to standard output, everything else to standard error."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from processors.errors import ConfigError, TocsinError
from streams.cli import demo, dlq, doctor, gazetteer, items, kafka, look, rules, service, sources

INTERRUPTED = 130

app = typer.Typer(
    name="tocsin",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="News feeds and Telegram channels in, one live, versioned record per security incident out.",
)


@app.callback()
def common(
    config: Annotated[Path | None, typer.Option(help="TOML file with settings.", envvar="TOCSIN_CONFIG")] = None,
) -> None:
    """Settings go by option, environment, TOML file, default. Exit status: 0 well, 1 some rejected, 2 wrong usage."""
    if config:
        os.environ["TOCSIN_CONFIG"] = str(config)  # so that every part, and every process started, reads the same


for module in (demo, service, items, look, sources, gazetteer, doctor, kafka, dlq, rules):
    module.register(app)


def main() -> None:
    """Entry point: errors become one line on standard error and an exit status."""
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
