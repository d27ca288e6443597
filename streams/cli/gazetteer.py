"""`gazetteer`: the place index."""

from pathlib import Path
from typing import Annotated

import typer

from streams.cli.talk import say

gazetteer = typer.Typer(no_args_is_help=True, help="The place index, from GeoNames.")


def register(app: typer.Typer) -> None:
    app.add_typer(gazetteer, name="gazetteer")


@gazetteer.command()
def build(
    source: Annotated[
        Path | None,
        typer.Option("--from", help="Folder with CC.txt or CC.txt.gz and admin1CodesASCII.txt.", metavar="FOLDER"),
    ] = None,
    into: Annotated[Path | None, typer.Option(help="File to write; default the one that commands use.")] = None,
) -> None:
    """Compile the place index: what is installed with tocsin and, with --from, GeoNames' country dumps."""
    from processors.places.build import build as build_index
    from streams.settings import load

    path = into or load().gazetteer_file
    report = build_index(path, source)
    for file, count in report.bad_rows.items():
        say(f"{file}: {count} rows left out")
    say(f"{path}: {report.places:,} places, {report.keys:,} names, {report.bytes / 1e6:.0f} MB.")


@gazetteer.callback()
def _group() -> None:
    """Keeps `build` a command of its own although it is the only one."""
