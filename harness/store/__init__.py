"""Version folders, chunk files and run folders: the only reader and writer of them."""
