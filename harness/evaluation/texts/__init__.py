"""Metrics of texts: what each counts, which spellings and tokens it reads, and whether it can be trusted."""
