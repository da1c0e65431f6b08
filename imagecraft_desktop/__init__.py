"""ImageCraft Desktop: press a key, hear what is on the screen. Offline."""

import os

# onnxruntime would send usage data to its maker; whatever part of ours imports it, it must not
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
