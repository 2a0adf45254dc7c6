"""What holds for every kind of task: systems out of the box, pitfalls, and settings that are documented."""

import pytest

from harness.evaluation.tasks import KINDS
from harness.systems.registry import FAMILIES, built_in_for


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_answered_by_two_systems_out_of_the_box(kind):
    """A comparison needs no system of the user's own."""
    assert len(built_in_for(kind)) >= 2


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_every_kind_says_what_its_scores_do_not_say_and_what_its_settings_mean(kind):
    """Both are printed: in the report and in the reference."""
    assert kind.pitfalls.endswith(".")
    assert f'kind = "{kind.name}"' in (kind.settings.__doc__ or "")


@pytest.mark.parametrize("family", FAMILIES.values(), ids=list(FAMILIES))
def test_every_system_answers_kinds_that_there_are(family):
    """A kind that was renamed would leave its systems without a task."""
    assert family.kinds is None or family.kinds <= set(KINDS)
