"""The models that other packages carry are those that were measured and whose licences were read."""

import hashlib
from importlib.util import find_spec
from pathlib import Path

import pytest

SHA256 = {
    "hibari/assets/hibari.onnx": "5f70741d4e900f4e85d0037498736cc1b3e1b9a63a13546a5da1e63abf4fccd8",
    "hibari/assets/oov.onnx": "d3cfd8122c5f172a98c8de38268bf1213ee09f2c2ae4df6e055fc6532590fe76",
    "rapidocr/models/PP-OCRv6_det_small.onnx": (
        "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f"
    ),
    "rapidocr/models/PP-OCRv6_rec_small.onnx": (
        "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884"
    ),
}


@pytest.mark.parametrize("file", SHA256)
def test_model_in_a_package_is_the_one_we_know(file):
    package, _, inside = file.partition("/")
    folder = Path(find_spec(package).submodule_search_locations[0])
    assert hashlib.sha256((folder / inside).read_bytes()).hexdigest() == SHA256[file]
