"""Measures: `imagecraft-desktop bench`."""
