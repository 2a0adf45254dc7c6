"""`python -m harness` is `harness`."""

from harness.cli import entry_point

if __name__ == "__main__":  # a spawned worker imports this file again
    entry_point()
