"""Models of the `transformers` library as systems: labels, likelihoods, tokens, embeddings and written answers."""
