"""What is said of single items, and of those that every system got wrong."""

from harness.evaluation.results import AllWrong, Answer
from harness.reports.wording.figures import count

RELEVANT = "\N{CHECK MARK} "
ALL_WRONG = "Items that every system got wrong"


def all_wrong(found: AllWrong) -> str:
    """Say how many items no system got right, and where to look first."""
    return (
        f"{count(found.items, 'item')} in {count(found.clusters, 'cluster')}. Look at the reference first: where "
        "systems agree on another answer, the reference may be what is wrong."
    )


def rank_told(answer: Answer) -> str:
    """Say where a ranking has its first relevant document; nothing of an answer that is no ranking."""
    if answer.ranked is None:
        return ""
    if answer.first_relevant is not None:
        return f"found at rank {answer.first_relevant}"
    return {0: "nothing ranked", 1: "not the one ranked"}.get(
        answer.ranked, f"not among the first {answer.ranked:,}"
    )
