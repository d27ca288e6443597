"""On which words of a sentence does a cue bear? Answered from the parse."""

from spacy.tokens import Token

from processors.extract.analysis import Sentence

SIDE = frozenset({"relcl", "advcl", "ccomp", "parataxis", "acl"})  # clauses with a time and truth of their own
LINKS = frozenset(
    {
        "pobj",
        "prep",
        "nummod",
        "npadvmod",
        "advmod",
        "amod",
        "compound",
        "det",
        "pcomp",
        "quantmod",
        "nmod",
        "punct",
        "mark",
        "cc",
        "appos",
        "poss",
        "case",
    }
)
ARGUMENTS = frozenset({"pobj", "dobj", "nsubj", "nsubjpass", "appos"})
SUBJECTS = ("nsubj", "nsubjpass")
MARKS = ("aux", "mark", "advmod", "amod", "acomp")
NEGATIONS = frozenset({"no", "neither", "none", "nobody", "nothing", "nor"})


def tokens_in(sentence: Sentence, start: int, end: int) -> list[Token]:
    """The tokens of the characters start..end of the sentence."""
    span = sentence.tokens.char_span(start, end, alignment_mode="expand")
    return list(span) if span is not None else []


def clause_of(token: Token) -> Token:
    """The nearest verb above a token, or the top of its tree."""
    while token.pos_ not in ("VERB", "AUX") and token.head.i != token.i:
        token = token.head
    return token


def governs(sentence: Sentence, start: int, end: int, target: Token) -> bool:
    """Whether `target` hangs from a word of the cue, or from the verb whose auxiliary or mark the cue is."""
    tokens = tokens_in(sentence, start, end)
    inside = {t.i for t in tokens}
    if any(t.i == target.i or t.is_ancestor(target) for t in tokens):
        return True
    tops = [t for t in tokens if t.head.i not in inside and t.dep_ in MARKS]
    return any(top.head.i == target.i or _own(top.head, target) for top in tops)


def bears_on(sentence: Sentence, start: int, end: int, target: Token) -> bool:
    """Whether the cue and `target` share a clause, or the cue stands on the target itself ("the 2019 attack")."""
    top = _top(tokens_in(sentence, start, end))
    if top is None:
        return False
    while top.dep_ in LINKS and top.head.i != top.i and top.i != target.i:
        top = top.head
        if top.pos_ == "NOUN" and top.i != target.i and top.dep_ in ARGUMENTS and top.is_ancestor(target):
            return True
    verb, own = clause_of(top), clause_of(target)
    shared = verb.dep_ == "conj" and verb.head.i == own.i and not any(t.dep_ in SUBJECTS for t in verb.children)
    return top.i == target.i or _own(verb, target) or (shared and _own(own, target))


def is_negated(token: Token) -> bool:
    """ "no attack", "did not attack", "no rockets hit", "nobody was shot"."""
    if any(t.dep_ == "neg" or (t.dep_ == "det" and t.lower_ in NEGATIONS) for t in token.children):
        return True
    if token.pos_ in ("VERB", "AUX"):
        arguments = [t for t in token.children if t.dep_ in ("nsubj", "nsubjpass", "dobj")]
        return any(_nothing(t) for t in arguments)
    return token.dep_ in ("dobj", "attr", "nsubj", "nsubjpass") and any(t.dep_ == "neg" for t in token.head.children)


def _nothing(argument: Token) -> bool:
    return argument.lower_ in NEGATIONS or any(
        t.dep_ in ("det", "neg") and t.lower_ in NEGATIONS for t in argument.children
    )


def _own(verb: Token, target: Token) -> bool:
    """Whether `target` is the verb or hangs from it without a side clause between."""
    while target.i != verb.i:
        if target.dep_ in SIDE or target.head.i == target.i:
            return False
        target = target.head
    return True


def _top(tokens: list[Token]) -> Token | None:
    inside = {t.i for t in tokens}
    return next((t for t in tokens if t.head.i not in inside or t.head.i == t.i), None)
