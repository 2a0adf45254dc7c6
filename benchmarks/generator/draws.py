"""Random numbers that are a function of a key and a counter: any row can be drawn alone, in any order, by any version of numpy."""

import hashlib
from dataclasses import dataclass

import numpy as np

# The constants of splitmix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
_STEP, _FIRST, _SECOND = (
    np.uint64(0x9E3779B97F4A7C15),
    np.uint64(0xBF58476D1CE4E5B9),
    np.uint64(0x94D049BB133111EB),
)


@dataclass(frozen=True)
class Draws:
    """Draws of one corpus; each purpose has its own stream."""

    seed: int

    def bits(self, purpose: str, counter: np.ndarray) -> np.ndarray:
        """Draw 64 random bits for each counter, dtype uint64."""
        digest = hashlib.blake2b(f"{self.seed}/{purpose}".encode(), digest_size=8).digest()
        key = np.frombuffer(digest, "<u8")[0].astype(np.uint64)
        return _mixed(_mixed(counter.astype(np.uint64) * _STEP + key) + key)

    def share(self, purpose: str, counter: np.ndarray) -> np.ndarray:
        """Draw a number in [0, 1) for each counter, dtype float64."""
        return (self.bits(purpose, counter) >> np.uint64(11)) * 2.0**-53

    def between(self, purpose: str, counter: np.ndarray, bounds: tuple[float, float]) -> np.ndarray:
        """Draw a number from `bounds` for each counter, dtype float64."""
        low, high = bounds
        return low + (high - low) * self.share(purpose, counter)

    def below(self, purpose: str, counter: np.ndarray, limit: int | np.ndarray) -> np.ndarray:
        """Draw an integer from 0 on and below `limit` for each counter, dtype int64."""
        return (self.share(purpose, counter) * limit).astype(np.int64)

    def shuffled(self, purpose: str, count: int) -> np.ndarray:
        """Draw an order of `count` things, dtype int64."""
        return np.argsort(self.bits(purpose, np.arange(count)), kind="stable")


def _mixed(value: np.ndarray) -> np.ndarray:
    value = (value ^ (value >> np.uint64(30))) * _FIRST
    value = (value ^ (value >> np.uint64(27))) * _SECOND
    return value ^ (value >> np.uint64(31))
