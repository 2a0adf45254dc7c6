"""Pure steps from raw records to a version: signals, rules, duplicates, splits, ledger."""
