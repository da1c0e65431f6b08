"""Takes a picture: the screen, a window, the clipboard, a file, an address."""
