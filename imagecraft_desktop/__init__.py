"""ImageCraft Desktop: press a key, hear what is on the screen. Offline."""
