"""Card, rights and publishing: the only room that knows the Hub's client."""
