"""Raw articles in, a trusted dataset version and a fair comparison out."""

__version__ = "0.1.0"
