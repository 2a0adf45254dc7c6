"""Finding a metric again by a score's signature, to count answers that a run kept anew."""

from harness.evaluation.correlation import stored_correlation
from harness.evaluation.counted import stored_metric
from harness.evaluation.metrics import Metric, set_metric
from harness.evaluation.texts.doctor import sample_languages
from harness.evaluation.texts.known import metric_of, user_metric_of


def metric_again(signature: str) -> Metric | None:
    """Find a metric that is no mean over items.

    Args:
        signature: A score's.

    Returns:
        The metric, which reads references and answers as runs keep them; None where the signature is of a mean,
        of another version of a metric, or of one that neither this version of harness nor a package knows.
    """
    found = set_metric(signature) or stored_metric(signature) or stored_correlation(signature)
    found = found or metric_of(signature) or user_metric_of(signature, sample_languages())
    return None if found is None or found.is_mean else found
