"""BLIP, base and large: one short English sentence about a picture; light enough for any laptop.

Published folders: Salesforce/blip-image-captioning-base and -large on the Hugging Face Hub, BSD-3.
Source: "BLIP: Bootstrapping Language-Image Pre-training", arXiv 2201.12086.
"""

from __future__ import annotations

from imagecraft_desktop import strings
from imagecraft_desktop.describe.facts_first import FactsFirst


class Blip(FactsFirst):
    """See `FactsFirst`. Nothing but the picture is given to it."""

    name = "blip"
    label = strings.CAPTIONER_BLIP
    kinds = ("blip",)
    network = "BlipForConditionalGeneration"
    end = "[SEP]"


CAPTIONER = Blip
