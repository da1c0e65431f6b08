"""ImageCraft Desktop: press a key, hear what is on the screen. Offline."""

import os

# onnxruntime would send usage data to its maker; whatever part of ours imports it, it must not
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

# PyTorch's threads on Linux wait for each other some 300,000 turns long, many times in a token. Where another
# program keeps a core busy they so hold it from the one that all wait for, and a sentence takes ten times as long.
# Read when PyTorch is first imported; who has chosen another number keeps it.
os.environ.setdefault("GOMP_SPINCOUNT", "10000")
