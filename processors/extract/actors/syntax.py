"""Which words belong to one event in a parse, who acts in it and who is acted upon."""

from collections.abc import Iterator

from spacy.tokens import Doc, Token

from processors.extract.actors.lexicon import frames

SUBJECTS = frozenset({"nsubj", "csubj", "expl"})
PASSIVE = frozenset({"nsubjpass", "csubjpass"})
SHARING = frozenset({"after", "before", "by", "while", "since", "without"})
DURING = frozenset({"in", "during", "by", "when", "amid", "with"})
AFTER = frozenset({"after", "following", "when", "as", "while", "in", "by", "during"})


SAYING = frozenset(
    {"say", "claim", "deny", "report", "tell", "call", "describe", "condemn", "believe", "blame", "follow", "come"}
)


# verbs of those who come after a deed: who hunts, finds, treats or reports did not do it
AFTERWARDS = frozenset(
    {"be", "hunt", "seek", "probe", "question", "interrogate", "find", "recover", "discover", "retrieve", "locate"}
    | {"spot", "confirm", "report", "announce", "condemn", "visit", "treat", "rescue", "evacuate", "identify", "mourn"}
    | {"search", "investigate", "respond", "realize", "realise", "learn", "hear", "see", "witness", "register"}
    | {"cordon", "tell", "say", "state", "add", "recall", "explain"}
)
DENYING = frozenset({"deny", "reject", "disclaim"})


def trigger_token(doc: Doc, first: int, last: int) -> Token | None:
    """The highest token of the trigger's words (characters `first` to `last` of the sentence)."""
    inside = [t for t in doc if t.idx < last and t.idx + len(t) > first]
    return next(
        (t for t in inside if t.head.i == t.i or not (t.head.idx < last and t.head.idx + len(t.head) > first)), None
    )


def is_verb(token: Token) -> bool:
    """Whether a token acts as a verb; what takes an object does, whatever the tagger says ("Troops on Monday shot dead a man")."""
    tagged = token.pos_ in {"VERB", "AUX"} or token.tag_.startswith("VB")
    return tagged or (token.pos_ in {"NOUN", "PROPN"} and any(c.dep_ == "dobj" for c in token.children))


def is_event_noun(token: Token) -> bool:
    return token.pos_ in {"NOUN", "PROPN"} and token.lemma_.lower() in frames().events


def pobjs(token: Token, prepositions: frozenset[str]) -> Iterator[Token]:
    """Objects of a token's prepositions."""
    for prep in token.children:
        if prep.dep_ in {"prep", "agent", "dative"} and prep.lower_ in prepositions:
            yield from (t for c in prep.children if c.dep_ in {"pobj", "pcomp"} for t in together(c))


def together(token: Token) -> list[Token]:
    """A noun and those joined to it by "and"."""
    found, queue = [token], [token]
    while queue:
        queue = [
            c for t in queue for c in t.children if c.dep_ == "conj" and c.pos_ in {"NOUN", "PROPN", "PRON", "NUM"}
        ]
        found += queue
    return found


def cluster(trigger: Token) -> list[Token]:
    """The verbs and nouns of the trigger's event: what governs it and what tells more of it, within the
    clause group.
    """
    found: dict[int, Token] = {}
    queue = [trigger]
    while queue and len(found) < 12:
        token = queue.pop(0)
        if token.i not in found:
            found[token.i] = token
            queue += _around_verb(token) if is_verb(token) else _around_noun(token)
    return list(found.values())


def _around_verb(verb: Token) -> list[Token]:
    found = [
        t for c in verb.children if c.dep_ in {"nsubj", "nsubjpass", "dobj"} for t in together(c) if is_event_noun(t)
    ]
    linking = AFTER if verb.lemma_ in {"kill", "die", "injure", "wound", "hurt", "perish"} else DURING
    found += [t for t in pobjs(verb, linking) if is_event_noun(t) or is_verb(t)]
    for child in verb.children:
        if (
            child.dep_ in {"xcomp", "conj"}
            and is_verb(child)
            and not own_subject(child)
            or child.dep_ == "advcl"
            and (
                child.tag_ in {"VBG", "VBN"}
                or any(m.lower_ in AFTER for m in child.children if m.dep_ in {"mark", "advmod"})
            )
        ):
            found.append(child)
    if verb.dep_ in {"conj", "xcomp"} and is_verb(verb.head) and not own_subject(verb):
        found.append(verb.head)
    if verb.dep_ == "advcl" and verb.tag_ in {"VBG", "VBN"} and is_verb(verb.head):
        found.append(verb.head)
    if verb.dep_ in {"relcl", "acl"} and is_event_noun(verb.head):
        found.append(verb.head)
    return found


def _tells_on(clause: Token) -> bool:
    """Whether an adverbial clause tells more of the same deed: "…, killing two", "… when gunmen attacked"."""
    if clause.tag_ in {"VBG", "VBN"}:
        return clause.lemma_ in frames().harm
    return any(m.lower_ in AFTER for m in clause.children if m.dep_ in {"mark", "advmod"})


def _around_noun(noun: Token) -> list[Token]:
    found = [c for c in noun.children if c.dep_ in {"acl", "relcl"} and is_verb(c) and c.lemma_ not in SAYING]
    head = noun.head
    if (
        noun.dep_ == "nsubjpass"
        and any(c.dep_ == "agent" for c in head.children)
        or (
            noun.dep_ in {"nsubj", "nsubjpass", "dobj"}
            and is_verb(head)
            and (head.lemma_ in frames().harm or head.lemma_ in frames().light)
        )
    ):
        found.append(head)
    elif noun.dep_ == "pobj" and head.lower_ in DURING and is_verb(head.head) and head.head.lemma_ in frames().harm:
        found.append(head.head)
    elif noun.dep_ == "conj" and is_event_noun(head):
        found.append(head)
    return found


def own_subject(verb: Token) -> Token | None:
    return next((c for c in verb.children if c.dep_ in SUBJECTS or c.dep_ in PASSIVE), None)


VICTIM_SUBJECT = frozenset(
    {"kill", "injure", "wound", "hurt", "shoot", "abduct", "kidnap", "murder", "arrest", "detain", "stab", "behead"}
    | {
        "massacre",
        "execute",
        "martyr",
        "seize",
        "take",
        "capture",
        "rape",
        "assassinate",
        "damage",
        "destroy",
        "hospitalize",
    }
)


def passive(verb: Token) -> bool:
    """Also of clipped headlines: "Teenager killed in raid" has a sufferer for its subject, since nobody is killed by
    him.
    """
    if verb.lemma_ in VICTIM_SUBJECT and verb.tag_ in {"VBD", "VBN"} and own_subject(verb) is not None:
        objects = _has_object(verb) or any(
            c.dep_ in {"ccomp", "xcomp", "dative", "oprd"} and c.lower_ != "dead" for c in verb.children
        )
        helped = any(c.dep_ == "aux" for c in verb.children)
        at = any(c.dep_ == "prep" and c.lower_ == "at" for c in verb.children)
        shared = any(c.dep_ == "conj" and is_verb(c) and _has_object(c) for c in verb.children)
        if not objects and not shared and not helped and not (at and verb.lemma_ == "shoot"):
            return True
    return _passive_form(verb)


def _has_object(verb: Token) -> bool:
    return any(c.dep_ == "dobj" for c in verb.children)


def _passive_form(verb: Token) -> bool:
    return any(c.dep_ in {"auxpass", "nsubjpass", "agent"} for c in verb.children) or (
        verb.dep_ == "acl" and verb.tag_ == "VBN" and not _has_object(verb)
    )


def subjects(verb: Token) -> list[Token]:
    """Who does what an active verb says: its subject, or the one it shares with the verb it hangs from."""
    for _ in range(4):
        if found := own_subject(verb):
            if found.dep_ in PASSIVE or passive(verb):
                return []
            every = [c for c in verb.children if c.dep_ in SUBJECTS]  # an apposition may be taken for a second one
            return [t for c in every for s in together(c) for t in antecedent(s, verb)]
        if verb.dep_ == "advcl" and verb.head.lemma_ in AFTERWARDS or _beside_object(verb):
            return []  # "police hunt those who left the device, wounding nine", "hurled a grenade on police, wounding two"
        if verb.dep_ in {"conj", "xcomp", "advcl"} and is_verb(verb.head):
            verb = verb.head
        elif verb.dep_ == "pcomp" and verb.head.lower_ in SHARING and is_verb(verb.head.head):
            verb = verb.head.head  # "they held the town after having attacked it"
        elif verb.dep_ in {"acl", "relcl"} and (verb.tag_ == "VBG" or _has_object(verb)):
            return together(verb.head)
        else:
            return []
    return []


def _beside_object(verb: Token) -> bool:
    """Whether "…, injuring two" is hung on the last noun before the comma instead of on the deed."""
    noun = verb.head
    return verb.dep_ == "acl" and verb.tag_ == "VBG" and noun.dep_ == "pobj" and verb.lemma_ in frames().harm


def antecedent(subject: Token, verb: Token) -> list[Token]:
    """What "who" or "which" stands for."""
    if subject.lower_ not in {"who", "which", "that"}:
        return [subject]
    if verb.head.lemma_ == "be":  # "it is X who did it"
        return [t for c in verb.head.children if c.dep_ == "attr" and c.i < subject.i for t in together(c)] or [subject]
    return together(verb.head) if verb.dep_ == "relcl" else [subject]


def speaker_behind(token: Token) -> Token | None:
    """Whom "it", "they" or "its" stands for in what somebody says of itself: "the army said it had struck"."""
    if token.lower_ not in {"it", "they", "we", "its", "their", "our"}:
        return None
    verb = token.head
    while verb.dep_ in {"nsubj", "pobj", "prep", "agent", "compound", "poss"} and not is_verb(verb):
        verb = verb.head
    for _ in range(5):
        if verb.dep_ == "ccomp" and is_verb(verb.head):
            found = next((c for c in verb.head.children if c.dep_ == "nsubj"), None)
            return found if found is not None and found.pos_ != "PRON" else None
        if verb.dep_ not in {"conj", "xcomp", "advcl", "aux"}:
            return None
        verb = verb.head
    return None


def disowned(verb: Token) -> bool:
    """Whether the verb above denies what this one says: "denied having fired", "denied that its men had"."""
    return verb.dep_ in {"xcomp", "ccomp"} and verb.head.lemma_ in DENYING


def happened(verb: Token) -> bool:
    """Whether a verb is told as done: not negated, not under a modal, no bare infinitive."""
    helpers = [c for c in verb.children if c.dep_ in {"aux", "neg"}]
    return not any(c.dep_ == "neg" or c.tag_ in {"MD", "TO"} for c in helpers)
