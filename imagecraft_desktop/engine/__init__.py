"""Runs a request: picture to text to sound."""
