"""A model is downloaded from a hub that misbehaves: it is there whole in the end, or it is told why not."""

from __future__ import annotations

import email.utils
import errno
import json
import os
import subprocess
import sys
import threading
import time
from collections import namedtuple
from dataclasses import replace
from pathlib import Path

import pytest
from huggingface_hub import constants

from imagecraft_desktop.errors import (
    Cancelled,
    DiskFull,
    DownloadCut,
    Gated,
    HashMismatch,
    HubBusy,
    HubChanged,
    HubFailed,
    LoginRefused,
    ModelBusy,
    ModelDamaged,
    NoSafeWeights,
    NoSpace,
    NotOnHub,
    Offline,
    OfflineMidway,
    VersionGone,
)
from imagecraft_desktop.weights import catalogue, download, store
from imagecraft_desktop.weights.steps import Stage, Step
from tests.hub_server import COMMIT, Hub, Mischief
from tests.small_disk import resize, small_disk
from tests.tiny_models import BLIP_WANTED, blip, safetensors, sha256, write

BLIP = catalogue.find("blip-base")
REPO = BLIP.sources[0].repo
N = 400_000


@pytest.fixture
def hub(monkeypatch, tmp_path):
    """A hub with one model; the package's own times are made short, and its cache is elsewhere."""
    monkeypatch.setattr(constants, "HF_HUB_DOWNLOAD_TIMEOUT", 1)
    monkeypatch.setattr(constants, "HF_HUB_ETAG_TIMEOUT", 2)
    monkeypatch.setattr(constants, "DOWNLOAD_CHUNK_SIZE", 20_000)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub-cache"))
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "token"))
    for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with Hub({REPO: blip(N)}).running() as one:
        yield one


def install(hub, tick=lambda: None, model=BLIP, **options):
    steps: list[Step] = []
    made = download.install(model, tick, steps.append, endpoint=hub.url, **options)
    return made, steps


def _part():
    return store.partial_of("blip-base") / "model.safetensors.part"


def _is_clean():
    return store.installed() == {} and not store.folder_of("blip-base").exists()


# --- when all goes well ---


def test_model_is_downloaded_checked_and_recorded(hub):
    made, steps = install(hub)
    folder = store.find("blip-base")
    assert {one.name for one in folder.iterdir()} == BLIP_WANTED | {"manifest.json"}
    for name in BLIP_WANTED:
        assert (folder / name).read_bytes() == hub.repos[REPO][name]
    assert made.commits == {REPO: COMMIT}
    assert store.verify("blip-base", lambda: None) == made
    record = store.record_of(REPO)
    assert record is not None
    assert record.files["vocab.txt"] == sha256(b"a\nb\n")
    assert not store.partial_of("blip-base").exists()
    done = [step.done for step in steps if step.stage is Stage.FETCH]
    assert done == sorted(done)
    assert done[-1] == made.size == {step.total for step in steps}.pop()
    assert steps[-1].stage is Stage.CHECK


def test_a_slow_connection_is_no_silent_one(hub, monkeypatch):
    monkeypatch.setattr(constants, "DOWNLOAD_CHUNK_SIZE", 10 * 1024 * 1024)  # as the package has it
    hub.repos[REPO] = blip(3_000_000)
    hub.mischief.append(Mischief("model.safetensors", pace=200_000))
    _, steps = install(hub)
    done = {step.done for step in steps if step.stage is Stage.FETCH}
    assert len([bytes_ for bytes_ in done if 100_000 < bytes_ < 2_900_000]) > 4


def test_nothing_is_asked_of_the_hub_that_is_not_wanted(hub):
    install(hub)
    paths = [one.path for one in hub.asked]
    assert len(paths) == 1 + len(BLIP_WANTED)
    assert paths[0].startswith(f"/api/models/{REPO}?")
    assert not [path for path in paths if "pytorch_model.bin" in path or "modeling" in path]
    for one in hub.asked:
        assert "authorization" not in one.headers
        assert "torch/" not in one.headers["user-agent"]


def test_model_of_two_repositories_becomes_one_folder(hub):
    model = catalogue.find("voicecraft-330m")
    hub.repos["pyp1/VoiceCraft_330M_TTSEnhanced"] = {
        "config.json": b"{}",
        "model.safetensors": safetensors(1000),
        "README.md": b"",
    }
    hub.repos["pyp1/VoiceCraft"] = {"encodec_4cb2048_giga.th": b"codec", "giga830M.pth": b"big"}
    made, _ = install(hub, model=model)
    assert {entry.path for entry in made.files} == {
        "config.json",
        "model.safetensors",
        "encodec_4cb2048_giga.th",
    }
    assert set(made.commits) == {"pyp1/VoiceCraft_330M_TTSEnhanced", "pyp1/VoiceCraft"}


def test_branch_of_the_catalogue_is_taken_at_first_and_its_commit_after(hub, tmp_path):
    model = catalogue.find("paligemma-3b-mix-224")
    repo = model.sources[0].repo
    hub.repos[repo] = {"config.json": b"{}", "model.safetensors": safetensors(100)}
    (tmp_path / "token").write_text("hf_mine")
    install(hub, model=model)
    store.remove(model.name)
    install(hub, model=model)
    asked = [one.path.partition("?")[0] for one in hub.asked_for("/api/")]
    assert asked == [
        f"/api/models/{repo}/revision/bfloat16",
        f"/api/models/{repo}/revision/{COMMIT}",
    ]


def test_what_the_hubs_own_cache_holds_is_not_fetched_again(hub, tmp_path):
    cache = tmp_path / "hub-cache" / f"models--{REPO.replace('/', '--')}"
    write(cache / "snapshots" / COMMIT, {"model.safetensors": hub.repos[REPO]["model.safetensors"]})
    install(hub)
    assert hub.asked_for("model.safetensors") == []
    assert store.verify("blip-base", lambda: None)


@pytest.fixture
def cached(hub, tmp_path, monkeypatch):
    """Weights that lie in the Hub's own cache on another disk, so that they cannot be linked."""

    def refuse(*_):
        raise OSError(errno.EXDEV, "another disk")

    monkeypatch.setattr(os, "link", refuse)
    hub.repos[REPO] = blip(3_000_000)
    weights = hub.repos[REPO]["model.safetensors"]
    cache = tmp_path / "hub-cache" / f"models--{REPO.replace('/', '--')}"
    write(cache / "snapshots" / COMMIT, {"model.safetensors": weights})
    return len(weights)


def test_copying_from_a_cache_on_another_disk_is_told(hub, cached):
    _, steps = install(hub)
    copied = [step for step in steps if step.stage is Stage.COPY]
    assert (copied[0], copied[-1]) == (
        Step(Stage.COPY, 0, cached),
        Step(Stage.COPY, cached, cached),
    )
    assert len(copied) > 2
    assert hub.asked_for("model.safetensors") == []
    assert store.verify("blip-base", lambda: None)


def test_room_is_looked_at_before_a_cache_on_another_disk_is_copied(hub, cached, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage(10**9, 0, 100_000_000 + cached))
    with pytest.raises(NoSpace):
        install(hub)
    assert download.begun_bytes("blip-base") == 0


def test_copying_that_was_cancelled_is_done_again_and_nothing_is_fetched(hub, cached):
    steps: list[Step] = []

    def tick():
        if any(step.stage is Stage.COPY and step.done for step in steps):
            raise Cancelled

    with pytest.raises(Cancelled):
        download.install(BLIP, tick, steps.append, endpoint=hub.url)
    install(hub)
    assert hub.asked_for("model.safetensors") == []
    assert store.verify("blip-base", lambda: None)


def test_cached_file_that_is_damaged_is_not_believed(hub, tmp_path):
    cache = tmp_path / "hub-cache" / f"models--{REPO.replace('/', '--')}"
    write(cache / "snapshots" / COMMIT, {"vocab.txt": b"a\nB\n"})
    with pytest.raises(HashMismatch):
        install(hub)
    assert _is_clean()


def test_damaged_model_is_repaired_by_fetching_only_what_changed(hub):
    made, _ = install(hub)
    (store.folder_of("blip-base") / "vocab.txt").write_bytes(b"a\nB\n")
    hub.asked.clear()
    again, _ = install(hub)
    assert again == made
    assert [one.path.rpartition("/")[2] for one in hub.asked_for("/resolve/")] == ["vocab.txt"]
    assert store.verify("blip-base", lambda: None) == made


def test_a_newer_version_with_the_same_weights_fetches_only_what_changed(hub):
    install(hub)
    hub.commit = "d" * 40
    (store.root() / ".recorded.json").unlink()  # as when the catalogue names another revision
    hub.repos[REPO]["vocab.txt"] = b"a\nb\nc\n"
    hub.asked.clear()
    made, _ = install(hub)
    assert made.commits == {REPO: hub.commit}
    assert hub.asked_for("vocab.txt")
    assert hub.asked_for("model.safetensors") == []
    assert store.verify("blip-base", lambda: None) == made


def test_file_server_of_another_host_gets_no_login(hub, tmp_path):
    """The Hub sends large files from elsewhere; the token stays with the Hub."""
    (tmp_path / "token").write_text("hf_mine")
    hub.gated.add(REPO)
    hub.tokens.add("hf_mine")
    with Hub({REPO: blip(N)}).running() as other:
        hub.mischief.append(
            Mischief("/resolve/", redirect=other.url.replace("127.0.0.1", "localhost"))
        )
        install(hub, login=True)
        assert {one.headers["authorization"] for one in hub.asked} == {"Bearer hf_mine"}
        assert len(other.asked) == len(BLIP_WANTED)
        assert not [one for one in other.asked if "authorization" in one.headers]


# --- cuts, and going on ---


def test_cut_connection_is_mended_at_the_byte(hub):
    hub.mischief.append(Mischief("model.safetensors", times=2, cut_after=100_000))
    made, _ = install(hub)
    ranges = [one.headers.get("range") for one in hub.asked_for("model.safetensors")]
    assert ranges[0] is None
    assert len(ranges) == 3
    assert all(one.startswith("bytes=") for one in ranges[1:])
    assert hub.sent < made.size + 200_000
    assert store.verify("blip-base", lambda: None)


def test_server_that_sends_all_again_does_not_double_it(hub):
    hub.mischief.append(Mischief("model.safetensors", times=1, cut_after=100_000))
    hub.mischief.append(Mischief("model.safetensors", ignores_range=True))
    made, steps = install(hub)
    assert store.verify("blip-base", lambda: None) == made
    assert max(step.done for step in steps) == made.size


def test_silent_server_is_left_and_asked_again(hub):
    hub.mischief.append(Mischief("model.safetensors", times=1, stall_after=100_000))
    begun = time.monotonic()
    install(hub)
    assert time.monotonic() - begun < 15
    assert store.verify("blip-base", lambda: None)


def test_slow_server_is_waited_for(hub):
    hub.mischief.append(Mischief("model.safetensors", pace=40_000))
    _, steps = install(hub)
    assert len({step.done for step in steps}) > 5


@pytest.mark.parametrize("n_ticks", [3, 8])
def test_cancelled_download_goes_on_where_it_was(hub, n_ticks):
    hub.mischief.append(Mischief("model.safetensors", times=1, pace=20_000))
    left = iter(range(n_ticks))

    def tick():
        if _part().exists() and next(left, None) is None:
            raise Cancelled

    with pytest.raises(Cancelled):
        install(hub, tick)
    assert _is_clean()
    kept = _part().stat().st_size
    assert 0 < kept < N
    assert download.begun_bytes("blip-base") >= kept
    hub.asked.clear()
    made, steps = install(hub)
    assert steps[0].done >= kept
    assert [one.headers.get("range") for one in hub.asked_for("model.safetensors")] == [
        f"bytes={kept}-"
    ]
    assert hub.asked_for("/api/") == []
    assert store.verify("blip-base", lambda: None) == made


def test_cancel_does_not_wait_for_a_silent_server(hub, monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_DOWNLOAD_TIMEOUT", 30)
    hub.mischief.append(Mischief("model.safetensors", stall_after=100_000))
    wish = threading.Event()
    when: list[float] = []

    def tick():
        if wish.is_set():
            raise Cancelled
        if _part().exists() and _part().stat().st_size >= 100_000:
            wish.set()
            when.append(time.monotonic())

    with pytest.raises(Cancelled):
        install(hub, tick)
    assert time.monotonic() - when[0] < 0.3
    hub.over.set()
    size = _part().stat().st_size
    time.sleep(0.3)
    assert _part().stat().st_size == size  # what was left behind writes no more


_CHILD = """
import sys
from imagecraft_desktop.weights import catalogue, download
from huggingface_hub import constants
constants.DOWNLOAD_CHUNK_SIZE = 20_000
download.install(catalogue.find("blip-base"), lambda: None, lambda _: None)
"""


def _child(hub, tmp_path):
    env = {
        **os.environ,
        "HF_ENDPOINT": hub.url,
        "HF_HOME": str(tmp_path / "hf"),
        "HF_HUB_DOWNLOAD_TIMEOUT": "1",
    }
    return subprocess.Popen(
        [sys.executable, "-c", _CHILD], env=env, stderr=subprocess.PIPE, text=True
    )


def test_killed_download_goes_on_in_another_process(hub, tmp_path):
    hub.mischief.append(Mischief("model.safetensors", times=1, pace=20_000))
    with _child(hub, tmp_path) as child:
        end = time.monotonic() + 30
        while not (_part().exists() and _part().stat().st_size > 60_000):
            assert time.monotonic() < end, child.poll()
            time.sleep(0.02)
        child.kill()
    assert _is_clean()
    kept = _part().stat().st_size
    assert 60_000 < kept < N
    with _child(hub, tmp_path) as child:
        assert (child.wait(60), child.stderr.read()) == (0, "")
    assert hub.asked_for("model.safetensors")[-1].headers["range"] == f"bytes={kept}-"
    assert store.verify("blip-base", lambda: None)


def test_second_download_of_the_same_model_is_told(hub):
    with store.changing("blip-base"), pytest.raises(ModelBusy):
        install(hub)


def test_connection_that_is_cut_every_time_is_told_and_kept(hub, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda _: None)
    hub.mischief.append(Mischief("model.safetensors", times=1, cut_after=100_000))
    hub.mischief.append(Mischief("model.safetensors", cut_after=0))
    with pytest.raises(DownloadCut) as caught:
        install(hub)
    assert "Install it again to go on." in caught.value.spoken
    assert caught.value.exit_code == 4
    assert _is_clean()
    assert _part().stat().st_size >= 80_000


# --- what is not as it must be ---


@pytest.mark.parametrize("name", ["model.safetensors", "vocab.txt", "config.json"])
def test_wrong_content_is_refused_and_fetched_anew(hub, name):
    right = hub.repos[REPO][name]
    hub.mischief.append(Mischief(f"/{name}", times=1, spoil=bytes(len(right))))
    with pytest.raises(HashMismatch) as caught:
        install(hub)
    assert f"The file {name} of the model blip-base is not what it must be" in caught.value.spoken
    assert _is_clean()
    hub.asked.clear()
    install(hub)
    assert [one.path.rpartition("/")[2] for one in hub.asked] == [name]
    assert store.verify("blip-base", lambda: None)


@pytest.mark.parametrize("change", [-1, 1, 50_000])
def test_wrong_size_is_refused(hub, change):
    right = hub.repos[REPO]["model.safetensors"]
    spoilt = right[:change] if change < 0 else right + bytes(change)
    hub.mischief.append(Mischief("model.safetensors", times=1, spoil=spoilt))
    with pytest.raises(HashMismatch):
        install(hub)
    assert _is_clean()
    assert not _part().exists()
    install(hub)


def test_hash_of_the_first_download_is_kept_to_ever_after(hub):
    install(hub)
    store.remove("blip-base")
    hub.repos[REPO]["vocab.txt"] = b"a\nB\n"  # the same commit, other content
    with pytest.raises(HashMismatch):
        install(hub)
    assert _is_clean()


def test_weights_that_are_cut_off_at_their_source_are_refused(hub):
    hub.repos[REPO]["model.safetensors"] = safetensors(N)[:-5]
    with pytest.raises(ModelDamaged):
        install(hub)
    assert _is_clean()


def test_repository_without_safe_weights_is_refused(hub):
    del hub.repos[REPO]["model.safetensors"]
    with pytest.raises(NoSafeWeights) as caught:
        install(hub)
    assert caught.value.spoken == (
        "The page of the model blip-base has no weights in the form safetensors, the only one that is safe "
        "to read. Nothing was downloaded. florence-2-base-ft is like it. To install that: "
        "Settings, page Models, or the command imagecraft-desktop models install florence-2-base-ft"
    )
    assert hub.asked_for("/resolve/") == []
    assert _is_clean()


def test_where_none_is_like_it_the_list_is_named(hub):
    model = catalogue.find("git-large-coco")
    hub.repos[model.sources[0].repo] = {"config.json": b"{}", "pytorch_model.bin": b"a pickle"}
    with pytest.raises(NoSafeWeights) as caught:
        install(hub, model=model)
    assert caught.value.spoken.endswith("or the command imagecraft-desktop models list")


def test_repository_without_another_file_is_told(hub):
    del hub.repos[REPO]["config.json"]
    with pytest.raises(NotOnHub) as caught:
        install(hub)
    assert caught.value.spoken.startswith("config.json, which the model blip-base needs, is not on")


# --- the version that the catalogue names ---


def _pinned(hub, content):
    """A model whose catalogue knows the weights `content`, at the version that the hub has."""
    model = catalogue.find("florence-2-base")
    (source,) = model.sources
    hub.repos[source.repo] = blip(N)
    files = [
        replace(file, size=len(content), sha256=sha256(content)) if file.sha256 else file
        for file in source.files
    ]
    return replace(model, sources=(replace(source, revision=COMMIT, files=tuple(files)),))


def test_version_of_the_catalogue_is_asked_for_and_its_hash_kept_to(hub):
    model = _pinned(hub, safetensors(N))
    made, _ = install(hub, model=model)
    repo = model.sources[0].repo
    assert hub.asked[0].path.startswith(f"/api/models/{repo}/revision/{COMMIT}?")
    assert made.commits == {repo: COMMIT}
    assert {entry.path for entry in made.files} == BLIP_WANTED


def test_other_weights_than_the_catalogue_knows_are_not_fetched(hub):
    model = _pinned(hub, safetensors(N, seed=1))
    with pytest.raises(HubChanged) as caught:
        install(hub, model=model)
    assert caught.value.spoken.startswith(
        "The Hugging Face Hub offers another file model.safetensors for the model florence-2-base"
    )
    assert hub.asked_for("/resolve/") == []
    assert _is_clean()


def test_version_that_the_hub_does_not_have_any_more_is_told(hub):
    model = catalogue.find("florence-2-base")
    hub.repos[model.sources[0].repo] = blip(N)  # at another version than the catalogue names
    with pytest.raises(VersionGone) as caught:
        install(hub, model=model)
    assert caught.value.spoken == (
        "The version of the model florence-2-base that this program knows is not on the Hugging Face Hub any "
        "more. Nothing was changed. Choose another model, or get a newer version of this program, which may "
        "know a newer one."
    )
    assert caught.value.exit_code == 4
    assert _is_clean()


def test_version_that_goes_during_a_download_is_told_and_what_has_come_is_kept(hub):
    hub.mischief.append(Mischief("model.safetensors", times=1, status=400))
    with pytest.raises(HubFailed):
        install(hub)
    begun = download.begun_bytes("blip-base")
    assert begun > 0
    hub.commit = "d" * 40
    with pytest.raises(VersionGone):
        install(hub)
    assert download.begun_bytes("blip-base") == begun
    hub.commit = COMMIT
    install(hub)
    assert store.verify("blip-base", lambda: None)


def test_version_that_the_catalogue_names_anew_is_not_held_to_the_old_hashes(hub):
    install(hub)
    store.remove("blip-base")
    hub.repos[REPO]["vocab.txt"] = b"a\nB\n"
    hub.commit = "d" * 40
    source = replace(BLIP.sources[0], revision=hub.commit)
    made, _ = install(hub, model=replace(BLIP, sources=(source,)))
    record = store.record_of(REPO)
    assert made.commits == {REPO: hub.commit}
    assert record is not None
    assert record.commit == hub.commit
    assert record.files["vocab.txt"] == sha256(b"a\nB\n")


@pytest.mark.parametrize(
    "name", ["../../evil.json", "..\\evil.json", "manifest.json", ".plan.json"]
)
def test_file_that_would_lie_elsewhere_is_not_taken(hub, name):
    hub.repos[REPO][name] = b"{}"
    made, _ = install(hub)
    assert {entry.path for entry in made.files} == BLIP_WANTED


@pytest.mark.parametrize("extra", [{"size": None}, {"blobId": None}])
def test_listing_without_size_or_hash_is_of_no_use(hub, extra):
    hub.extra["vocab.txt"] = extra
    with pytest.raises(HubFailed):
        install(hub)


def test_listing_that_is_no_answer_is_told(hub):
    hub.mischief.append(Mischief("/api/", html=True))
    with pytest.raises(HubFailed):
        install(hub)


@pytest.mark.parametrize("plan", [b"[{", b"[" * 100_000])
def test_plan_that_cannot_be_read_is_made_anew(hub, plan):
    write(store.partial_of("blip-base"), {".plan.json": plan, "model.safetensors.part": b"old"})
    install(hub)
    assert store.verify("blip-base", lambda: None)


# --- what the hub refuses ---


def test_gated_model_without_a_login_is_told_before_anything_is_asked(hub):
    model = catalogue.find("paligemma-3b-mix-224")
    with pytest.raises(Gated) as caught:
        install(hub, model=model)
    assert "https://huggingface.co/google/paligemma-3b-mix-224" in caught.value.spoken
    assert (
        "Log in to the Hub, or the command imagecraft-desktop models login. " in caught.value.spoken
    )
    assert hub.asked == []


def test_login_is_not_sent_where_it_was_not_asked_for(hub, tmp_path):
    (tmp_path / "token").write_text("hf_mine")
    hub.gated.add(REPO)
    hub.tokens.add("hf_mine")
    with pytest.raises(Gated) as caught:
        install(hub)
    assert "models install blip-base --login" in caught.value.spoken
    assert not [one for one in hub.asked if "authorization" in one.headers]
    install(hub, login=True)
    assert {one.headers["authorization"] for one in hub.asked[1:]} == {"Bearer hf_mine"}


def test_login_that_may_not_read_it_is_told(hub, tmp_path):
    (tmp_path / "token").write_text("hf_other")
    hub.gated.add(REPO)
    with pytest.raises(LoginRefused) as caught:
        install(hub, login=True)
    assert "with the same account" in caught.value.spoken
    assert "hf_other" not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "error"),
    [(401, Gated), (403, Gated), (404, NotOnHub), (400, HubFailed), (410, HubFailed)],
)
@pytest.mark.parametrize("part", ["/api/", "/resolve/"])
def test_refusals_are_told(hub, part, status, error):
    hub.mischief.append(Mischief(part, status=status))
    with pytest.raises(error):
        install(hub)
    assert _is_clean()


def test_model_that_is_gone_looks_like_a_secret_one(hub):
    """The Hub does not tell strangers which of both it is."""
    hub.repos.clear()
    with pytest.raises(Gated):
        install(hub)


@pytest.mark.parametrize(
    ("part", "is_date"), [("/api/", False), ("/api/", True), ("vocab.txt", False)]
)
def test_busy_hub_is_waited_for_as_long_as_it_says(hub, part, is_date):
    after = email.utils.formatdate(time.time() + 2.9, usegmt=True) if is_date else "2"
    hub.mischief.append(Mischief(part, times=1, status=429, headers={"Retry-After": after}))
    begun = time.monotonic()
    _, steps = install(hub)
    assert time.monotonic() - begun > 1.3
    if part == "/api/":
        assert steps[0].stage is Stage.WAIT
        assert 1 <= steps[0].total <= 3


def test_hub_that_wants_to_be_left_alone_for_long_is_told(hub):
    hub.mischief.append(Mischief("/api/", status=429, headers={"Retry-After": "601"}))
    with pytest.raises(HubBusy) as caught:
        install(hub)
    assert "in 11 minutes" in caught.value.spoken


def test_hub_that_stumbles_is_asked_again_and_given_up_at_last(hub, monkeypatch):
    hub.mischief.append(Mischief("/api/", times=1, status=503))
    hub.mischief.append(Mischief("vocab.txt", times=1, status=500))
    install(hub)
    store.remove("blip-base")
    monkeypatch.setattr(download._Hub, "_wait", lambda *_: None)
    hub.mischief[:] = [Mischief("/api/", status=502)]
    hub.asked.clear()
    with pytest.raises(HubFailed):
        install(hub)
    assert len(hub.asked) == 4


def test_waiting_can_be_cancelled(hub):
    hub.mischief.append(Mischief("/api/", status=429, headers={"Retry-After": "50"}))

    def tick():
        if hub.asked:
            raise Cancelled

    begun = time.monotonic()
    with pytest.raises(Cancelled):
        install(hub, tick)
    assert time.monotonic() - begun < 2


def test_no_connection_is_told(hub):
    hub.url = "http://127.0.0.1:9"
    with pytest.raises(Offline) as caught:
        install(hub)
    assert "cannot be reached" in caught.value.spoken
    assert "models import blip-base FOLDER" in caught.value.spoken
    assert "What has come" not in caught.value.spoken


def test_no_connection_for_the_rest_tells_that_what_has_come_is_kept(hub):
    write(store.partial_of("blip-base"), {store.PLAN: b"[]", "model.safetensors.part": b"1234"})
    hub.url = "http://127.0.0.1:9"
    with pytest.raises(
        OfflineMidway, match=r"What has come is kept.*models import blip-base"
    ) as caught:
        install(hub)
    assert "cannot be reached" in caught.value.spoken


def test_switch_of_the_hub_package_is_obeyed(hub, monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(Offline) as caught:
        install(hub)
    assert "HF_HUB_OFFLINE forbids it" in caught.value.spoken
    assert hub.asked == []


# --- the disk ---


def test_room_on_the_disk_is_looked_at_before_the_first_byte(hub, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage(10**9, 0, 100_000_000))
    with pytest.raises(NoSpace) as caught:
        install(hub)
    assert caught.value.exit_code == 3
    assert hub.asked_for("/resolve/") == []


@pytest.mark.parametrize(
    ("vanishing", "come"),
    [("config.json", 4), ("model.safetensors.part", 2), (store.PLAN, 0)],
    ids=["a file", "a part", "all, for it is finished"],
)
def test_what_has_come_is_told_though_another_process_moves_it(monkeypatch, vanishing, come):
    """It goes right after it was looked at for the first time, if it was at all."""
    partial = store.partial_of("blip-base")
    write(partial, {store.PLAN: b"[]", "model.safetensors.part": b"1234", "config.json": b"{}"})
    look = Path.stat

    def look_and_move(path, **options):
        found = look(path, **options)
        if path.name == vanishing:
            monkeypatch.setattr(Path, "stat", look)
            moved = partial if vanishing == store.PLAN else path
            moved.rename(partial.with_name("moved"))
        return found

    monkeypatch.setattr(Path, "stat", look_and_move)
    assert download.begun_bytes("blip-base") in {come, 6}


def test_disk_that_becomes_full_keeps_what_has_come(hub, monkeypatch, tmp_path):
    monkeypatch.setattr(store, "check_space", lambda *_: None)
    with small_disk(tmp_path / "disk", "256k") as disk:
        monkeypatch.setenv("XDG_DATA_HOME", str(disk))
        with pytest.raises(DiskFull) as caught:
            install(hub)
        assert "What has come is kept." in caught.value.spoken
        assert store.installed() == {}
        kept = _part().stat().st_size
        assert kept > 100_000
        resize(disk, "2m")
        install(hub)
        asked = hub.asked_for("model.safetensors")
        assert asked[-1].headers["range"] == f"bytes={kept}-"
        assert store.verify("blip-base", lambda: None)


@pytest.mark.parametrize("step", ["manifest", "visible"])
def test_at_the_last_step_too_what_has_come_is_kept(hub, monkeypatch, step):
    def is_full(*_):
        raise OSError(errno.ENOSPC, "full")

    def write_no_manifest(file, content):
        return is_full() if file.name == store.MANIFEST else write_json(file, content)

    write_json = store.write_json
    with monkeypatch.context() as patch:
        if step == "manifest":
            patch.setattr(store, "write_json", write_no_manifest)
        else:
            patch.setattr(store.Path, "rename", is_full)
        with pytest.raises(DiskFull):
            install(hub)
    assert _is_clean()
    assert download.begun_bytes("blip-base") >= N
    hub.asked.clear()
    install(hub)
    assert hub.asked == []
    assert {one.name for one in store.find("blip-base").iterdir()} == BLIP_WANTED | {store.MANIFEST}


def test_full_disk_is_told_also_where_none_can_be_mounted(hub, monkeypatch):
    def refuse(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(download._Part, "write", refuse)
    with pytest.raises(DiskFull):
        install(hub)


def test_manifest_says_the_licence_that_was_accepted(hub):
    install(hub)
    kept = json.loads((store.folder_of("blip-base") / "manifest.json").read_text())
    assert kept["licence"] == "BSD-3-Clause"
    assert kept["commits"] == {REPO: COMMIT}
