"""Packages that not every Python has, for tests that skip by name without them."""

import importlib.util

import pytest

needs_pycld2 = pytest.mark.skipif(
    importlib.util.find_spec("pycld2") is None,
    reason="pycld2, which a recipe without [language] names, is not installed; it has no wheel for Python 3.14",
)
