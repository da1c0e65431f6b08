"""The catalogue that is shipped is valid, and one that is not is refused with the place of its fault."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path

import pytest

from imagecraft_desktop.errors import ModelUnknown
from imagecraft_desktop.system import paths
from imagecraft_desktop.weights import catalogue
from imagecraft_desktop.weights.catalogue import Kind, ModelFile, Source, Use

ROOT = Path(__file__).resolve().parents[3]
FILE = paths.resources() / "models" / "catalogue.json"
GOOD = {
    "name": "tiny-1.0",
    "label": "Tiny",
    "kind": "captioner",
    "good_for": ["caption"],
    "sources": [
        {
            "repo": "someone/tiny",
            "revision": "0" * 40,
            "files": [{"path": "model.safetensors", "size": 8, "sha256": "a" * 64}],
        }
    ],
    "download_bytes": 8,
    "parameters": 2_000_000_000,
    "licence": {"name": "MIT", "address": None, "must_accept": False},
    "gated": False,
    "languages": ["en", "*"],
}


WEIGHTS_IN_JSON = {"repo": "a/b", "revision": None, "weights": [{"path": "config.json"}]}


def _read(tmp_path, *entries, version=1):
    file = tmp_path / "catalogue.json"
    file.write_text(json.dumps({"version": version, "models": list(entries)}))
    return catalogue.read(file)


def test_shipped_catalogue_is_valid():
    models = catalogue.read(FILE)
    assert len(models) >= 30
    assert {model.kind for model in models.values()} == set(Kind)
    assert {use for model in models.values() for use in model.good_for} == set(Use)
    assert models == catalogue.known()


def test_every_shipped_model_brings_weights_in_the_safe_format():
    for model in catalogue.known().values():
        source = model.sources[0]
        assert source.lacking(["config.json", "open_clip_config.json"]) is not None, model.name
        assert source.choose(["pytorch_model.bin", "model.py", "onnx/model.onnx"]) == [], model.name


def test_gated_and_bound_models_ask_for_consent():
    models = catalogue.known()
    for model in models.values():
        assert model.licence.must_accept or not model.gated
    assert models["imagecraft"].licence.must_accept
    assert not models["imagecraft"].gated
    assert models["voicecraft-830m"].licence.must_accept
    assert models["paligemma-3b-mix-224"].gated


def test_imagecraft_takes_nothing_from_another_repository():
    sources = catalogue.find("imagecraft").sources
    assert [source.repo for source in sources] == ["nsandiman/imagecraft-ft-co-224"]
    assert len(sources[0].files) == 12


def test_voicecraft_is_network_and_codec():
    for name in ("voicecraft-330m", "voicecraft-830m"):
        model = catalogue.find(name)
        files = [file.path for source in model.sources for file in source.files]
        assert files == ["config.json", "model.safetensors", "encodec_4cb2048_giga.th"]
        assert model.sources[1].repo == "pyp1/VoiceCraft"


def test_name_is_found_in_any_case_and_another_is_told():
    assert catalogue.find("ImageCraft").name == "imagecraft"
    with pytest.raises(ModelUnknown) as caught:
        catalogue.find("imagecraf")
    assert "imagecraf" in caught.value.spoken
    assert caught.value.exit_code == 2


def test_memory_is_what_was_measured_else_estimated(tmp_path):
    (model,) = _read(tmp_path, GOOD | {"memory_bf16_bytes": 5}).values()
    assert model.memory_bytes(2) == 5
    assert model.memory_bytes(4) == 10_200_000_000  # 1.2 times 8 GB, and 0.6
    assert model.page == "https://huggingface.co/someone/tiny"


def test_terms_are_read_where_their_text_stands():
    """A page of a model may have no card: of ImageCraft's one learns nothing."""
    known = catalogue.known().values()
    addresses = {(one.licence.name, one.licence.address) for one in known}
    assert addresses == {
        ("MIT", "https://opensource.org/license/mit"),
        ("BSD-3-Clause", "https://opensource.org/license/bsd-3-clause"),
        ("Apache-2.0", "https://www.apache.org/licenses/LICENSE-2.0"),
        ("MIT and Apache-2.0", "https://huggingface.co/OpenGVLab/InternVL3-1B-hf"),
        ("Gemma terms", "https://ai.google.dev/gemma/terms"),
        ("Coqui Public Model License 1.0.0", "https://coqui.ai/cpml"),
    }
    assert catalogue.find("imagecraft").licence.address == "https://ai.google.dev/gemma/terms"


def test_pattern_means_files_of_the_top_folder_and_a_name_itself():
    source = Source("a/b", None, None, (ModelFile("*.safetensors"), ModelFile("c/d.json")))
    names = ["a.safetensors", "onnx/a.safetensors", "c/d.json", "d.json"]
    assert source.choose(names) == ["a.safetensors", "c/d.json"]
    assert source.lacking(names) is None
    assert source.lacking(names[1:]) == "*.safetensors"
    assert source.lacking(names[:1]) == "c/d.json"


@pytest.mark.parametrize(
    "name",
    ["..\\evil.json", "c:evil.json", ".plan.json", "manifest.json", "Manifest.json", "a/b.json"],
)
def test_pattern_never_means_a_file_elsewhere_or_one_of_the_store(name):
    assert not ModelFile("*.json").fits(name)


def _changed(change):
    entry = copy.deepcopy(GOOD)
    change(entry)
    return entry


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda e: e.update(name="../evil"), "signs"),
        (lambda e: e.update(name="Tiny"), "signs"),
        (lambda e: e.update(surprise=1), "unknown"),
        (lambda e: e.pop("licence"), "lacks"),
        (lambda e: e.update(kind="oven"), "oven"),
        (lambda e: e.update(good_for=[]), "good for"),
        (lambda e: e.update(good_for=["caption", "caption"]), "twice"),
        (lambda e: e.update(sources=[]), "no source"),
        (lambda e: e.update(parameters=0), "count"),
        (lambda e: e.update(parameters=True), "count"),
        (lambda e: e.update(gated="no"), "gated"),
        (lambda e: e.update(languages=["English"]), "language"),
        (lambda e: e["licence"].update(address="http://x.org"), "address"),
        (lambda e: e["licence"].update(name="My terms"), "address"),
        (lambda e: e["sources"][0].update(repo="tiny"), "repository"),
        (lambda e: e["sources"][0].update(revision="main"), "commit"),
        (lambda e: e["sources"][0].update(revision=None), "without the revision"),
        (lambda e: e["sources"][0]["files"][0].update(path="../x.safetensors"), "inside"),
        (lambda e: e["sources"][0]["files"][0].update(path="/x.safetensors"), "inside"),
        (lambda e: e["sources"][0]["files"][0].update(path="c:x.json"), "every system"),
        (lambda e: e["sources"][0]["files"][0].update(path="pytorch_model.bin"), "pickle"),
        (lambda e: e["sources"][0]["files"][0].update(sha256="abc"), "SHA-256"),
        (lambda e: e["sources"].append(e["sources"][0]), "same name"),
        (lambda e: e["sources"][0].update(weights=[{"path": "a.safetensors"}]), "both files"),
        (lambda e: e.update(sources=[WEIGHTS_IN_JSON]), "another form"),
        (lambda e: e.update(instead="nobody"), "cannot stand"),
        (lambda e: e.update(instead="other"), "cannot stand"),
        (lambda e: e.update(instead="tiny-1.0", kind="voice"), "cannot stand"),
    ],
)
def test_fault_is_refused_and_its_place_told(tmp_path, change, told):
    with pytest.raises(ValueError, match=told) as caught:
        _read(tmp_path, GOOD, _changed(lambda e: (e.update(name="other"), change(e))))
    assert str(caught.value).startswith(("other: ", "../evil: ", "Tiny: "))


def test_name_stands_once(tmp_path):
    with pytest.raises(ValueError, match="twice"):
        _read(tmp_path, GOOD, GOOD)


def test_catalogue_of_another_version_is_refused(tmp_path):
    with pytest.raises(ValueError, match="version"):
        _read(tmp_path, GOOD, version=2)


# --- the versions that are named ---


def test_most_shipped_repositories_have_a_revision_of_their_own():
    pinned = {one.repo: one.revision for one in _sources() if one.revision}
    assert len(pinned) == len(set(pinned.values())) >= 25
    assert len(pinned) > len({one.repo for one in _sources()}) / 2
    assert not [one for one in _sources() if one.revision and one.branch]


def test_known_weights_are_complete_and_as_large_as_the_download():
    for model in catalogue.known().values():
        known = [file for source in model.sources for file in source.files if file.sha256]
        if not known:
            continue
        assert {file.path.endswith(".safetensors") for file in known} == {True}, model.name
        total = sum(file.size for file in known)
        assert abs(total / model.download_bytes - 1) < 0.02, model.name
        shards = [re.search(r"(\d{5})-of-(\d{5})", file.path) for file in known]
        if any(shards):
            n = len(known)
            assert [(int(one[1]), int(one[2])) for one in shards] == [
                (k, n) for k in range(1, n + 1)
            ]


@pytest.mark.parametrize("name", catalogue.known())
def test_the_count_of_parameters_is_that_of_the_weights(name):
    """Of two bytes each, or of four: memory and fit are reckoned from it. A download is known only about."""
    model = catalogue.find(name)
    codec_bytes = 1_170_000_000 if model.kind is Kind.VOICE else 0
    known = [file.size for source in model.sources for file in source.files if file.sha256]
    total = sum(known) if known else model.download_bytes - codec_bytes
    width = min((2, 4), key=lambda one: abs(total / model.parameters - one))
    assert total / width == pytest.approx(model.parameters, rel=0.005 if known else 0.03)


def test_every_revision_is_in_the_document_with_those_who_name_it():
    text = (ROOT / "docs" / "model-pins.md").read_text("utf-8")
    rows = re.findall(r"^\| (\S+/\S+) \| `([0-9a-f]{40})` \| (.+?) \| (.+?) \|$", text, re.M)
    assert {repo: commit for repo, commit, *_ in rows} == {
        one.repo: one.revision for one in _sources() if one.revision
    }
    assert {repo for repo, *_, weights in rows if weights != "recorded at the first download"} == {
        one.repo for one in _sources() if any(file.sha256 for file in one.files)
    }
    for source in _sources():
        assert source.revision or source.repo in text.partition("## Not pinned")[2]


def test_those_whose_safe_weights_nobody_shows_name_another():
    """As docs/model-pins.md tells of their pages: of one that has none, and of two where they were not seen."""
    unproven = {one.name: one for one in catalogue.known().values() if one.instead}
    assert {name: one.instead for name, one in unproven.items()} == {
        "blip-base": "florence-2-base-ft",
        "git-base-coco": "florence-2-base-ft",
        "coca": "blip-large",
    }
    assert all(one.sources[0].revision is None for one in unproven.values())


def _sources():
    return [source for model in catalogue.known().values() for source in model.sources]


def test_weights_that_are_listed_take_the_place_of_the_pattern(tmp_path):
    weights = [{"path": "model.safetensors", "size": 8, "sha256": "a" * 64}]
    source = {"repo": "someone/tiny", "revision": "0" * 40, "weights": weights}
    (model,) = _read(tmp_path, GOOD | {"sources": [source]}).values()
    names = ["config.json", "vocab.txt", "model.safetensors", "other.safetensors", "modeling.py"]
    assert model.sources[0].choose(names) == names[:3]
    assert model.sources[0].lacking(names[:2]) == "model.safetensors"
    known = [file for file in model.sources[0].files if file.sha256]
    assert known == [ModelFile("model.safetensors", 8, "a" * 64)]
