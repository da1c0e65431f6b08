"""GIT, base and large: one short English sentence about a picture; the quickest of the captioners.

Published folders: microsoft/git-base-coco and git-large-coco on the Hugging Face Hub, MIT.
Source: "GIT: A Generative Image-to-text Transformer for Vision and Language", arXiv 2205.14100.
"""

from __future__ import annotations

from imagecraft_desktop import strings
from imagecraft_desktop.describe.facts_first import FactsFirst


class Git(FactsFirst):
    """See `FactsFirst`. Nothing but the picture is given to it."""

    name = "git"
    label = strings.CAPTIONER_GIT
    kinds = ("git",)
    network = "GitForCausalLM"
    end = "[SEP]"


CAPTIONER = Git
