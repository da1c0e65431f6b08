"""Turns text into sound, and plays it."""
