"""spaCy's import without spaCy's own command line, which it drags in for one function: a fifth of the time in which a
command is ready.
"""

import sys
from types import ModuleType


def import_spacy() -> None:
    """Imports spaCy, if nobody did. `spacy.info` is left None; `import spacy.cli` works afterwards as ever."""
    if "spacy" in sys.modules:
        return
    stand_ins = {name: ModuleType(name) for name in ("spacy.cli", "spacy.cli.info")}
    vars(stand_ins["spacy.cli.info"])["info"] = None
    sys.modules.update(stand_ins)
    try:
        import spacy  # noqa: F401
    finally:
        for name in stand_ins:
            del sys.modules[name]
