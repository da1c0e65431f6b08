"""Networks in torch, one sub-package each. The only room that may import torch at module top."""
