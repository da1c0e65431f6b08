"""Files that the user keeps: pictures with their description inside."""
