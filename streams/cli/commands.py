"""The commands, gathered."""

import os
from pathlib import Path
from typing import Annotated

import typer

from streams.cli import demo, dlq, doctor, gazetteer, items, kafka, look, rules, service, sources

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
