"""What gates cost that look into the texts: Great Expectations' public way, patterns over the column of texts."""

from pathlib import Path

import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd
from protocol import answer

# What five of the signals count, asked of the texts themselves.
_PATTERNS = (
    "\ufffd",
    "[\ue000-\uf8ff]",
    "[\x00-\x08\x0e-\x1f]",
    "[\u202a-\u202e\u2066-\u2069]",
    "[ \u00a0][،؛؟,;?]",
)


def judge(table: Path, _checks: list[dict]) -> list[int]:
    """Count the texts that match each pattern."""
    frame = pd.read_parquet(table, columns=["text"])
    context = gx.get_context(mode="ephemeral")
    batch = (
        context.data_sources.add_pandas("made")
        .add_dataframe_asset("texts")
        .add_batch_definition_whole_dataframe("all")
        .get_batch(batch_parameters={"dataframe": frame})
    )
    suite = gx.ExpectationSuite(
        name="texts",
        expectations=[
            gxe.ExpectColumnValuesToNotMatchRegex(column="text", regex=pattern) for pattern in _PATTERNS
        ],
    )
    return [int(result.result["unexpected_count"]) for result in batch.validate(suite).results]


if __name__ == "__main__":
    answer(judge)
