"""A verdict in the formats that continuous integration reads: each is written from the one result object."""

from harness.reports.verdicts.sinks import KINDS, Sink, parse_sink

__all__ = ["KINDS", "Sink", "parse_sink"]
