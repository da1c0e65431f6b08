"""The settings window: `window` holds it together, the other files are its parts."""
