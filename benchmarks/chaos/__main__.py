"""Faults against the service on a real broker and PostgreSQL, and what they cost: a line for each.

    python -m benchmarks.chaos              # all, about 50 minutes on two cores
    python -m benchmarks.chaos --short      # for CI, less than two minutes: several faults in one stream
    python -m benchmarks.chaos kill freeze  # some; with --short fewer items and blows

Each run sends the same stream while a fault strikes, starts what died anew (as compose would), waits until all has gone
through, and compares with the embedded runtime on the same items. Consumers read what is committed, as they are told to.
`lost`: incidents that are missing or differ; `surplus`: open incidents that should not be there; `unsent`: alerts in the
state that the topic lacks; `twice`: alerts delivered again, with the same id; `strange`: alerts in the topic that the
state does not know (a second id for one alert would be one); `poison`: dead letters with the bytes of the poisoned items,
of how many; `second_relay`: records that a second relay published while the first, frozen, held nothing any more.
Readers are the tests' own, so extraction costs nothing here.
"""

import argparse
import sys

from benchmarks.chaos.faults import EACH, FAULTS
from benchmarks.chaos.runs import Line, run

COLUMNS = [name for name in Line.__struct_fields__ if name != "settled"] + ["well"]


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("faults", nargs="*", help=f"of {', '.join(FAULTS)}; default: all")
    ask.add_argument("--short", action="store_true", help="fewer items and blows")
    ask.add_argument("--rate", type=float, help="items a second (default: 10, or 20 with --short)")
    ask.add_argument("--items", type=int, help="default: 1600, or 400 with --short")
    args = ask.parse_args()
    if unknown := set(args.faults) - FAULTS.keys():
        ask.error(f"no such fault: {', '.join(sorted(unknown))}")
    number = args.items or (400 if args.short else 1600)
    print("| " + " | ".join(COLUMNS) + " |\n|" + " --- |" * len(COLUMNS), flush=True)
    failed = False
    for name in args.faults or (["medley"] if args.short else [fault.__name__ for fault in EACH]):
        line = run(name, args.short, args.rate or (20 if args.short else 10), number)
        failed |= not line.well
        print("| " + " | ".join(_cell(getattr(line, column)) for column in COLUMNS) + " |", flush=True)
    sys.exit(failed)


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "-"
    return str(round(value) if isinstance(value, float) else value)


if __name__ == "__main__":
    main()
