"""Where a report's dateline ends: "LIMA, May 3 (Agency) - ". It is no part of the sentence that it stands before."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc

DATELINE = re.compile(r"[A-ZÀ-Ý][A-ZÀ-Ý'’ ./-]{2,40}(?:,[^-–—:]{0,40})?(?:\([^)]{2,20}\))? ?(?:-{1,2}|[–—:]) (?=\S)")


def without_dateline(text: str) -> str:
    """A sentence for the parser: blanks in place of a dateline, which it would take for the subject. Same length."""
    match = DATELINE.match(text)
    return " " * match.end() + text[match.end() :] if match else text


def set_apart(doc: "Doc") -> None:
    """Hangs the blanks of a dateline on the sentence's verb, so that no noun begins with them."""
    if len(doc) > 1 and doc[0].is_space:
        root = next((t for t in doc if t.head.i == t.i and t.i), None)
        if root is not None:
            doc[0].head = root
