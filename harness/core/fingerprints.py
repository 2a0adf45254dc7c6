"""Hashes that name content: the same content gives the same name on every machine and day."""

import hashlib
import json
from pathlib import Path
from typing import Any

_BLOCK_BYTES = 1 << 20


def canonical_json(value: Any) -> str:
    """Write a value as JSON in one form only: keys sorted, no spare blanks, no NaN, text unescaped.

    Raises:
        ValueError: The value holds NaN or an infinity, which JSON cannot say.
        TypeError: The value holds something that is not JSON.
    """
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def sha256_of(content: bytes | str) -> str:
    """Hash bytes, or text as UTF-8, to 64 hexadecimal digits."""
    return hashlib.sha256(content.encode("utf-8") if isinstance(content, str) else content).hexdigest()


def sha256_of_file(path: Path) -> str:
    """Hash a file's bytes without holding more than a megabyte of them."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def fingerprint(value: Any) -> str:
    """Hash any JSON value by its canonical form."""
    return sha256_of(canonical_json(value))
