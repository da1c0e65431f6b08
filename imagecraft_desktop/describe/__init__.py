"""Captioners: one file each."""
