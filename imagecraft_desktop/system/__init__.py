"""Paths, log, crash hook, the machine."""
