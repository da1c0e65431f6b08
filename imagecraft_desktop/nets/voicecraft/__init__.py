"""The VoiceCraft voice: its codec, its language model, and what generates with them."""
