"""What people wrote about documents: read strictly from their files, and bound to the documents of a version."""
