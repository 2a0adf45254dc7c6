"""Source: a leak probe. Can the text alone tell who published it?"""

from typing import Literal

from harness.evaluation.tasks.labelled import LabelledSettings, labelled
from harness.evaluation.tasks.task import TaskKind


class SourceSettings(LabelledSettings):
    """Settings of `kind = "source"`: from the text, which source is the document of?

    A probe of the corpus rather than a task of its own: what a simple classifier tells far above the share of
    the largest source is house style, topic, or residue that cleaning left in.

    `max_chars` cuts each text behind so many characters: a probe of first lines alone finds datelines.
    """

    kind: Literal["source"] = "source"


KIND = TaskKind(
    name="source",
    settings=SourceSettings,
    derive=labelled(
        "source",
        "the source that each document's own metadata names",
        remedy="map the source in the recipe (fields.source), and build a version with two or more of them",
    ),
    learns=True,
    pitfalls=(
        "A high score is no merit of the system but a warning about the corpus: any label that goes with the source "
        "can be had by telling sources apart. It does not say what gave the source away; sources also differ in "
        "what they write about. At the level of the largest source, nothing was found by this system, which is not "
        "to say that nothing is there."
    ),
)
