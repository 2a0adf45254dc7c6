"""NLP systems behind one protocol; language identifiers."""
