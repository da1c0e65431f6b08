"""Ways to the user's own screen reader, one file each, and the choice between them and our voice."""
