"""One module a verb: parts of the house put to work together; adapters come in as arguments."""
