"""What is said of single items, and of those that every system got wrong."""

from harness.evaluation.results import AllWrong, Answer, Comparison
from harness.reports.wording.figures import count

RELEVANT = "\N{CHECK MARK} "
ALL_WRONG = "Items that every system got wrong"


def deciding(comparison: Comparison, most: int) -> str:
    """Say on how many items the systems part, how many of them are shown, and how they were picked."""
    apart, picked = comparison.items_apart, len(comparison.items)
    among = f"The systems part on {apart:,} of {count(comparison.subject.items, 'item')}. " if apart else ""
    others = f" The JSON holds {picked - most} more." if picked > most else ""
    few = (
        "Here is one of them."
        if picked == 1
        else (f"Here are {min(picked, most)} where they part most, one of a cluster at most.")
    )
    return f"{among}{few}{others}"


def all_wrong(found: AllWrong, most: int) -> str:
    """Say how many items no system got right, how many of them are shown, and where to look first."""
    shown = min(most, len(found.shown))
    part = f", {shown} of them shown" if 0 < shown < found.items else ""
    return (
        f"{count(found.items, 'item')} in {count(found.clusters, 'cluster')}{part}. Look at the reference first: where "
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
