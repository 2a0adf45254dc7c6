"""Where tasks run: inline, or in a pool of processes."""
