"""Words as resolving compares them: stems, how telling each is, and samples of a wording's word triples."""

import math
import re
from collections import Counter
from functools import cache
from importlib import resources

import xxhash

STEM = 6  # letters of a word that count
SKETCH = 48  # smallest hashes of word triples kept of a wording
RARE = 1  # a stem that at most so many texts of the frequency table have is a rare one
MOST = 120  # stems kept of a wording, the heaviest
WORD = re.compile(r"[^\W_]+")
EASTERN_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


def words_of(text: str) -> list[str]:
    return WORD.findall(text.translate(EASTERN_DIGITS).casefold())


def stems_of(text: str) -> list[str]:
    """The first letters of each word of three letters and more, and every number."""
    return [w[:STEM] for w in words_of(text) if len(w) > 2 or w.isdigit()]


class Frequencies:
    """In how many texts of a language a stem occurs; a language without a table knows none, so all its stems weigh
    the same.
    """

    def __init__(self, table: str) -> None:
        self.size: dict[str, int] = {}
        self.texts: dict[tuple[str, str], int] = {}
        for line in table.splitlines():
            lang, stem, n = line.split("\t")
            if stem:
                self.texts[lang, stem] = int(n)
            else:
                self.size[lang] = int(n)

    def count(self, lang: str | None, stem: str) -> int:
        return self.texts.get((lang or "", stem), 0)

    def weight(self, lang: str | None, stem: str) -> float:
        """Inverse document frequency, smoothed so that a small table does not exaggerate."""
        return math.log((self.size.get(lang or "", 0) + 20) / (self.count(lang, stem) + 1))


@cache
def frequencies() -> Frequencies:
    """The table that ships with the package; `tools/build_frequency.py` makes it."""
    return Frequencies(resources.files("processors.lexicon").joinpath("frequency.tsv").read_text("utf8"))


def weighted(text: str, lang: str | None) -> dict[str, float]:
    """Stem → weight (count times inverse document frequency), scaled to unit length; the heaviest stems only."""
    table = frequencies()
    raw = {stem: n * table.weight(lang, stem) for stem, n in Counter(stems_of(text)).items()}
    best = dict(sorted(raw.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST])
    length = math.sqrt(sum(w * w for w in best.values())) or 1.0
    return {stem: round(w / length, 5) for stem, w in best.items()}


def rare_stems(text: str, lang: str | None) -> frozenset[str]:
    """Stems that few texts have; numbers are never rare. Where a language has no table, its long words."""
    table = frequencies()
    if lang not in table.size:
        return frozenset(w[:STEM] for w in words_of(text) if len(w) > STEM and not w.isdigit())
    return frozenset(s for s in stems_of(text) if not s.isdigit() and table.count(lang, s) <= RARE)


def sketch(text: str) -> tuple[frozenset[int], int]:
    """The smallest hashes of the wording's word triples (31 bits), and how many different triples it has."""
    words = words_of(text)
    triples = zip(words, words[1:], words[2:], strict=False)
    hashes = {xxhash.xxh3_64_intdigest(" ".join(t).encode()) >> 33 for t in triples}
    return frozenset(sorted(hashes)[:SKETCH]), len(hashes)


def containment(one: frozenset[int], n: int, other: frozenset[int], m: int) -> float:
    """How much of the shorter wording the longer one holds, 0 to 1, estimated from their sketches (Broder 1997)."""
    if one.isdisjoint(other):
        return 0.0
    if n <= SKETCH and m <= SKETCH:
        return len(one & other) / min(n, m)
    both = sorted(one | other)[: min(SKETCH, max(len(one), len(other)))]
    shared = one & other
    jaccard = sum(h in shared for h in both) / len(both)
    return min(1.0, jaccard * (n + m) / (1 + jaccard) / min(n, m))
