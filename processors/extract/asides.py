"""What stands in a sentence and is no part of it: a dateline ("LIMA, May 3 (Agency) - "), a post's label ("URGENT | "),
an editor's brackets ("[sic]"), the short form of a name ("the Red Valley Front (RVF)").

The parser takes the first two for the subject and stumbles over the others, so that all are left blank for it.
"""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc

MONTH = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
DATELINE = re.compile(
    r"[A-ZÀ-Ý][A-ZÀ-Ý'’ ./-]{2,40}(?:,[^-–—:]{0,40})?(?:\([^)]{2,20}\))? ?(?:-{1,2}|[–—:]) (?=\S)"
    rf"|(?i:[^\W\d_][\w'’ .()-]{{2,60}}, \d{{1,2}} (?:{MONTH})[a-z]* \d{{2,4}} ?(?:\([^)]{{2,80}}\))? ?(?:-{{1,2}}|[–—]) (?=\S))"
)
LABEL = re.compile(r"\W*(?:urgent|breaking|flash|update|just in|alert|developing)(?: news)? ?[|:!–—-]+ +(?=\S)", re.I)
BRACKETS = re.compile(r"\[[^\[\]\n]{1,60}\]")
SHORT_FORM = re.compile(r"(?<=\w )\((?=[^()]{1,28}\))(?:[A-Z][\w.&’'-]*s?)(?: [A-Z][\w.&’'-]*){0,2}\)")


def without_asides(text: str) -> str:
    """A sentence for the parser: blanks in place of its dateline or label, of what stands in square brackets and
    of short forms in round ones. Same length.
    """
    match = LABEL.match(text) or DATELINE.match(text)
    if match:
        text = " " * match.end() + text[match.end() :]
    for mark, aside in (("[", BRACKETS), ("(", SHORT_FORM)):
        text = aside.sub(lambda found: " " * len(found[0]), text) if mark in text else text
    return text


def set_apart(doc: "Doc") -> None:
    """Hangs the blanks of a dateline on the sentence's verb, so that no noun begins with them."""
    if len(doc) > 1 and doc[0].is_space:
        root = next((t for t in doc if t.head.i == t.i and t.i), None)
        if root is not None:
            doc[0].head = root
