"""What was told of segments of raw files, kept in the cache of a build."""

from dataclasses import dataclass

import pyarrow as pa

from harness.core.fingerprints import fingerprint
from harness.store.arrow_files import write_arrow
from harness.store.chunk_cache import ChunkCache
from harness.store.sealed import DamagedError, read_sealed, sealed_folder

_KIND = "told"


@dataclass(frozen=True)
class SegmentMemory:
    """A memory of segments; see `harness.sources.remembering.Memory`.

    Args:
        cache: Where.
        reading: Names the software that reads.
    """

    cache: ChunkCache
    reading: str

    def find(self, key: str) -> pa.Table | None:
        """Give what was kept under a key; what is damaged is taken away."""
        named = self._named(key)
        if not self.cache.has(_KIND, named):
            return None
        folder = self.cache.place(_KIND, named)
        try:
            return read_sealed(folder, _KIND)
        except DamagedError:
            self.cache.discard(folder)
            return None

    def keep(self, key: str, told: pa.Table) -> None:
        """Keep something under a key.

        Raises:
            OSError: The disk is full.
        """
        with sealed_folder(self.cache.place(_KIND, self._named(key))) as folder:
            write_arrow(folder / f"{_KIND}.arrow", told)

    def _named(self, key: str) -> str:
        return fingerprint([self.reading, key])
