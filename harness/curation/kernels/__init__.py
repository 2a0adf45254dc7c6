"""Compiled loops over the bytes of texts; the only home of numba and LLVM, started by nobody before there is much to read."""
