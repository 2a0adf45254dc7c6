"""Raw records in: files, pages, feeds, archives, parallel lines."""
