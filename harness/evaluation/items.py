"""The columns of items, as tasks make them and runs keep them; apart from tasks, so that reading a run imports none."""

import pyarrow as pa

# The items of every kind of task. `reference` is a label, or a JSON list of ids.
TASK_ITEMS = pa.schema(
    [
        pa.field("item_id", pa.string()),
        pa.field("document_id", pa.string()),
        pa.field("cluster", pa.string()),
        pa.field("split", pa.string()),
        pa.field("lang", pa.string()),
        pa.field("source", pa.string()),
        pa.field("section", pa.string()),
        pa.field("title", pa.string()),
        pa.field("variant", pa.string()),  # what the task itself did to the text, where it did something
        pa.field("input", pa.string()),
        pa.field("reference", pa.string()),
    ]
)
