"""Words for harm that tell none where they stand: nouns of the deed, bodies that change hands, numbers of two fates."""

from spacy.tokens import Token

from processors.extract.casualties.lexicon import Cue
from processors.extract.casualties.reader import Reader

FALLING = frozenset({
    "alive", "beneath", "underneath", "deep", "from", "to", "into", "onto", "off", "down", "over", "through", "out",
    "behind", "on", "under", "short", "by",
})  # fmt: skip


def misleads(reader: Reader, token: Token, cue: Cue) -> bool:
    """Whether a form of `cue` says nothing of somebody harmed."""
    if cue.before and token.dep_ not in ("amod", "pobj"):
        return True
    if cue.bare and _has_more(token, cue):
        return True
    if token.lower_.startswith("pass") and "away" not in [t.lower_ for t in token.rights]:
        return True
    if cue.of and token.head.lower_ in reader.lex.words.handed:
        return True
    return _is_thing_noun(token, cue) or _is_mixed(reader, token) or _names_someone(reader, token, cue)


def _is_thing_noun(token: Token, cue: Cue) -> bool:
    """ "six gunshot wounds", "fired one shot": the noun, not the deed."""
    if cue.sort != "act" or token.pos_ != "NOUN":
        return False
    if token.i + 1 < len(token.doc) and token.nbor().like_num:  # "wounds 2 others"
        return False
    return token.tag_ == "NNS" or token.dep_ in ("dobj", "pobj", "compound", "poss")


def _names_someone(reader: Reader, token: Token, cue: Cue) -> bool:
    """ "shooting suspect Ivo Brank": whom the deed names was not hurt by it."""
    if cue.sort != "act" or not token.lower_.endswith("ing") or token.i + 1 >= len(token.doc):
        return False
    return token.nbor().lower_ in reader.lex.words.named_by_deed


def _is_mixed(reader: Reader, token: Token) -> bool:
    """ "about 30 killed and wounded": nobody knows how many of each."""
    doc, states = reader.doc, reader.lex.words.states
    if _either(token, states):
        return True
    if token.lower_ not in states or any(t.dep_ in ("auxpass", "nsubjpass", "dobj", "obj") for t in token.children):
        return False
    after = [t.lower_ for t in doc[token.i + 1 : token.i + 3]]
    if len(after) == 2 and after[0] in ("and", "or") and after[1] in states:
        if any(t.dep_ in ("dobj", "obj") for t in doc[token.i + 2].children):  # "left three dead and wounded two"
            return False
        return not _both_hurt(reader, token.lower_, after[1])
    before = [t.lower_ for t in doc[max(0, token.i - 2) : token.i]]
    return (
        len(before) == 2
        and before[1] in ("and", "or")
        and before[0] in states
        and not _both_hurt(reader, token.lower_, before[0])
    )


def _either(token: Token, states: frozenset[str]) -> bool:
    """ "scores were killed or wounded"."""
    near = [t.lower_ for t in token.doc[max(0, token.i - 2) : token.i + 3]]
    around = {low for low in near if low in states}
    return "or" in near and token.lower_ in states and bool(around & {"killed", "dead"}) and len(around) > 1


def _both_hurt(reader: Reader, one: str, other: str) -> bool:
    """ "21 others wounded or hurt" tells one number of one thing."""
    return {one, other} <= reader.lex.words.hurt_states


def _has_more(verb: Token, cue: Cue) -> bool:
    """ "fell from the roof", "suffered losses", "buried under rubble", where "fell there" is said of the dead."""
    if cue.sort == "undergo" and any(
        t.dep_ in ("dobj", "obj", "acomp", "oprd", "prt", "attr", "npadvmod") for t in verb.children
    ):
        return True
    around = [t for t in verb.children if t.dep_ in ("prep", "advmod", "prt")]
    return any(t.lower_ in FALLING and not _is_of_day(t) for t in around)


def _is_of_day(word: Token) -> bool:
    """ "on Sunday"."""
    return word.lower_ == "on" and any(t.ent_type_ in ("DATE", "TIME") for t in word.children)
