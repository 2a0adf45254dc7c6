"""Systems that run offline and need nothing but the corpus: what any other has to beat."""

from harness.systems import majority, pair_similarity, tfidf_svc
from harness.systems.system import SystemFamily

FAMILIES: tuple[SystemFamily, ...] = (
    *majority.FAMILIES,
    *tfidf_svc.FAMILIES,
    *pair_similarity.FAMILIES,
)
