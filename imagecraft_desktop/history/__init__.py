"""Keeps what was described, on this machine, for as long as the user wants."""
