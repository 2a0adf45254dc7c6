"""Topic: under which section did the article appear?"""

from typing import Literal

from harness.evaluation.tasks.labelled import LabelledSettings, labelled
from harness.evaluation.tasks.task import TaskKind


class TopicSettings(LabelledSettings):
    """Settings of `kind = "topic"`: from the text, which section is the document of?

    `max_chars` cuts each text behind so many characters, for systems that read no more.
    """

    kind: Literal["topic"] = "topic"


KIND = TaskKind(
    name="topic",
    settings=TopicSettings,
    derive=labelled(
        "section",
        "the section that each document's own metadata names",
        remedy="map the section in the recipe (fields.section), and build a version with two or more of them",
    ),
    learns=True,
    pitfalls=(
        "A section is where editors put an article, not what it is about: some fit two, and each source draws its "
        "own lines. Where a source serves one section, telling sources apart is enough: see what the kind `source` "
        "reaches, and read this beside it. A section that does not occur in train cannot be learnt and counts as "
        "wrong."
    ),
)
