"""Name → look-up key: what two spellings of one place name share.

`key` folds case, marks, apostrophes, hyphens and letter variants of Latin, Cyrillic, Arabic and Hebrew script; `loose` also drops
the Arabic article and shortens Saint and Mount. A change to either is a new VERSION: an index built with another is refused.
"""

import re
import unicodedata
from functools import lru_cache

VERSION = 1

_VARIANTS = str.maketrans(
    {
        "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ə": "a", "ħ": "h",
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ة": "ه", "ى": "ي", "ی": "ي", "ې": "ي", "ێ": "ي", "ک": "ك",
        "ە": "ه", "ۀ": "ه", "ھ": "ه", "ہ": "ه", "ۆ": "و", "ؤ": "و", "ئ": "ي", "ء": "", "ـ": "", "ё": "е", "ґ": "г",
        "'": "", "’": "", "‘": "", "ʼ": "", "ʻ": "", "ʿ": "", "ʾ": "", "`": "", "´": "", "ʹ": "", "״": "", "׳": "",
        "\u200c": " ", "\u200d": "", "\u200e": "", "\u200f": "",
        "ך": "כ", "ם": "מ", "ן": "נ", "ף": "פ", "ץ": "צ",
    }
)  # fmt: skip
_APOSTROPHES = str.maketrans("", "", "'`")
_WORD = re.compile(r"\w+")
_KEPT = str.maketrans({"й": "\ue000", "ї": "\ue001"})  # letters of their own, though Unicode takes them for marked ones
_RESTORED = str.maketrans({"\ue000": "й", "\ue001": "ї"})
_ARTICLE = re.compile(r"^(?:al|el|ar|as|ash|ad|an|at|az|adh|ath|ul|il)\s+(?=\w{3})")
_SHORT = {"saint": "st", "sainte": "st", "ste": "st", "mount": "mt", "fort": "ft"}


@lru_cache(maxsize=50_000)
def key(name: str) -> str:
    """The strict key: words in lower case, one space between them; "" where `name` has no letter or digit."""
    if name.isascii():
        folded = name.lower().translate(_APOSTROPHES)
    else:
        folded = unicodedata.normalize("NFKC", name).casefold().translate(_KEPT).translate(_VARIANTS)
        marked = unicodedata.normalize("NFKD", folded)
        folded = "".join(c for c in marked if not unicodedata.combining(c)).translate(_VARIANTS).translate(_RESTORED)
    return " ".join(_WORD.findall(folded.replace("_", " ")))


def loose(name: str) -> str:
    """The looser key: without the Arabic article, with St and Mt for Saint and Mount."""
    words = [_SHORT.get(word, word) for word in _ARTICLE.sub("", key(name)).split()]
    return " ".join(word[2:] if word.startswith("ال") and len(word) > 4 else word for word in words)
