"""Suites of expectations, loaded strictly and judged by Great Expectations."""
