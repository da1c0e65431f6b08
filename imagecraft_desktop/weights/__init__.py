"""Finds and verifies model files."""
