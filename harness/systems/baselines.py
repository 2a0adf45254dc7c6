"""Systems that run offline and need nothing but the corpus: what any other has to beat."""

from harness.systems import (
    answer_finders,
    gap_fillers,
    language_models,
    majority,
    pair_similarity,
    residue_finders,
    restorers,
    sentence_orderers,
    summarisers,
    taggers,
    text_similarity,
    tfidf_svc,
    tokenizers,
    translators,
)
from harness.systems.system import SystemFamily

# A new module of them is named here.
_MODULES = (
    majority,
    tfidf_svc,
    pair_similarity,
    residue_finders,
    tokenizers,
    language_models,
    restorers,
    gap_fillers,
    taggers,
    answer_finders,
    text_similarity,
    translators,
    sentence_orderers,
    summarisers,
)
FAMILIES: tuple[SystemFamily, ...] = tuple(family for module in _MODULES for family in module.FAMILIES)
