"""What `harness explain` tells beside what rules, suites and recipes say themselves: examples and remedies, as data."""
