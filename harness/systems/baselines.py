"""Systems that run offline and need nothing but the corpus: what any other has to beat."""

from harness.systems import majority, pair_similarity, residue_finders, tfidf_svc
from harness.systems.system import SystemFamily

# A new module of them is named here.
_MODULES = (majority, tfidf_svc, pair_similarity, residue_finders)
FAMILIES: tuple[SystemFamily, ...] = tuple(family for module in _MODULES for family in module.FAMILIES)
