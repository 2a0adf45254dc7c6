"""Columns as the Hub's metadata writes them, from the Arrow schema of a table."""

import pyarrow as pa


def features(schema: pa.Schema) -> list[dict[str, str]]:
    """Write a schema as the `features` of a dataset card: what `datasets` derives from the same schema."""
    return [{"name": field.name, **_feature(field.type)} for field in schema]


def type_name(type_: pa.DataType) -> str:
    """Name a column's type for readers: `string`, `float64`, `list of string`."""
    feature = _feature(type_)
    return feature.get("dtype") or f"list of {feature['list']}"


def _feature(type_: pa.DataType) -> dict[str, str]:
    if pa.types.is_list(type_):
        return {"list": _dtype(type_.value_type)}
    return {"dtype": _dtype(type_)}


def _dtype(type_: pa.DataType) -> str:
    # Arrow and the Hub use one name for a type, doubles apart.
    return "float64" if pa.types.is_float64(type_) else str(type_)
