"""The settings: one typed table, and the file that keeps them."""
