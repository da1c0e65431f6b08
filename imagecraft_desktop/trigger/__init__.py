"""What says "now": hotkeys, the local socket."""
