"""What the program tries on itself, in a process of its own: how fast a model is, that nothing is sent."""
