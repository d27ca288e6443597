"""Counts in how many texts a word stem occurs: writes processors/lexicon/frequency.tsv.

usage: build_frequency.py OUT.tsv ITEMS.jsonl... (title, body, lang a line; the project's own streams and corpora)
General English is added from the docstrings of the standard library, so that everyday words do not pass for telling.
"""

import inspect
import json
import pkgutil
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from processors.normalize import plain_text
from processors.resolve.stems import stems_of

LEAST = 2  # texts; what fewer have is as good as unknown


def texts(paths: list[str]) -> Iterator[tuple[str, str]]:
    """(language, text) of every item; the later revisions of one item are left out."""
    for path in paths:
        for line in Path(path).read_text("utf8").splitlines():
            item = json.loads(line)
            if not item.get("revision"):
                yield item.get("lang") or "en", plain_text(f"{item.get('title') or ''}\n{item.get('body') or ''}")


def docstrings() -> Iterator[tuple[str, str]]:
    """Docstrings of the standard library's modules and what they define, read from source, not imported."""
    for module in pkgutil.iter_modules([str(Path(inspect.__file__).parent)]):
        path = Path(inspect.__file__).parent / f"{module.name}.py"
        if path.exists():
            pieces = path.read_text("utf8", "replace").split('"""')[1::2]
            yield from (("en", piece) for piece in pieces if len(piece) > 200)


def main(out: str, paths: list[str]) -> None:
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    size: Counter[str] = Counter()
    for lang, text in [*texts(paths), *docstrings()]:
        size[lang] += 1
        seen[lang].update(set(stems_of(text)))
    lines = [f"{lang}\t\t{size[lang]}" for lang in sorted(size)]
    lines += [f"{lang}\t{stem}\t{n}" for lang in sorted(seen) for stem, n in sorted(seen[lang].items()) if n >= LEAST]
    Path(out).write_text("\n".join(lines) + "\n", "utf8")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
