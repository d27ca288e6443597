"""Who does or suffers what a verb says."""

from spacy.tokens import Token

from processors.extract.casualties.people import People, people_of
from processors.extract.casualties.reader import Reader

SUBJECTS = ("nsubj", "nsubjpass")


def people_at(reader: Reader, head: Token | None) -> People | None:
    """The people that a noun phrase names; None where there is none, or it names nobody."""
    return people_of(head, reader.numbers, reader.lex) if head is not None else None


def subject_of(verb: Token) -> Token | None:
    """Subject of a verb, of the one it is joined to, or the noun that its clause belongs to."""
    found = next((t for t in verb.children if t.dep_ in SUBJECTS), None)
    if found is not None and not (found.tag_ in ("WP", "WDT") and verb.dep_ == "relcl"):
        return found
    if verb.dep_ in ("relcl", "acl"):
        return verb.head
    if found is None and verb.dep_ in ("conj", "advcl", "xcomp") and verb.head.pos_ in ("VERB", "AUX"):
        return next((t for t in verb.head.children if t.dep_ in SUBJECTS), None)
    return found
