"""Records, recipe models, errors, fingerprints and places: what every room may know."""
