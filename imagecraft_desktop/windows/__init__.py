"""What the program's windows need of the other rooms: they send wishes and get values."""
