"""Is the harm told as having happened? Negation, modals, attempts and plans take it back."""

from spacy.tokens import Token

from processors.extract.casualties.lexicon import CueWords


def is_negated(verb: Token) -> bool:
    """ "was not hurt", "never killed anyone", "neither he nor she was hurt"."""
    subjects = [s for s in verb.children if s.dep_ in ("nsubj", "nsubjpass")]
    if any(t.lower_ == "neither" for s in subjects for t in s.lefts):
        return True
    return any(t.dep_ == "neg" and t.lower_ not in ("no",) for t in _with_helpers(verb))


def is_unreal(verb: Token, words: CueWords) -> bool:
    """ "could have killed", "tried to kill", "if he had died", "threatened to kill"."""
    helpers = [t for t in _with_helpers(verb) if t.dep_ in ("aux", "auxpass", "mark")]
    if any(t.lower_ in words.unreal or (t.dep_ == "mark" and t.lower_ in ("if", "unless")) for t in helpers):
        return True
    perfect = any(t.lower_ in ("have", "having") for t in helpers)
    if any(t.tag_ == "TO" for t in helpers) and not perfect:
        return not (
            verb.dep_ == "xcomp"
            and verb.head.lower_ in ("appears", "appeared", "continued", "continue", "had", "needed")
        )
    return verb.dep_ == "pcomp" and verb.head.head.lower_ in words.unreal_heads


def is_denied(token: Token, words: CueWords) -> bool:
    """ "denied that eleven had died", "denied reports that …", "rumours of six dead", "reports of six dead were wrong"."""
    while token.head.i != token.i and token.dep_ != "relcl":
        if token.dep_ == "conj" and token.lemma_ in ("say", "tell", "add", "report", "confirm"):  # "denied … and said"
            return False
        if token.head.lower_ == "of" and _is_rumour(token.head.head, words):
            return True
        above = token.head
        clause = token.dep_ in ("ccomp", "acl", "dobj")
        told = above.head if clause and above.dep_ == "dobj" and token.dep_ != "dobj" else above
        if clause and told.lower_ in words.deny and token.i > told.i:
            return True
        if clause and any(
            t.dep_ == "nsubj" and t.lemma_ == "version" for t in told.children
        ):  # "an earlier version said"
            return True
        if token.dep_ in ("prep", "advcl"):
            return False
        token = above
    return False


def _is_rumour(told: Token, words: CueWords) -> bool:
    """ "rumours", "reports" that are wrong."""
    if told.lemma_.lower() in words.rumours or (told.dep_ in ("dobj", "obj") and told.head.lower_ in words.deny):
        return True
    wrong = [t for t in told.head.children if t.dep_ in ("acomp", "attr") and t.lower_ in words.wrong]
    return told.lemma_.lower() in ("report", "claim", "account", "story", "figure") and bool(wrong)


def _with_helpers(verb: Token) -> list[Token]:
    """Children of the verb, and of the one it is joined to where it has no helpers of its own."""
    own = list(verb.children)
    if (
        verb.dep_ == "conj"
        and verb.head.pos_ in ("VERB", "AUX")
        and not any(t.dep_ in ("nsubj", "nsubjpass", "aux", "auxpass") for t in own)
    ):
        return own + [t for t in verb.head.children if t.i < verb.head.i]
    if verb.pos_ == "ADJ" and verb.head.pos_ in ("VERB", "AUX"):
        return own + [t for t in verb.head.children if t.dep_ in ("neg", "aux", "mark")]
    return own
