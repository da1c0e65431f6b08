"""A share of the network is told from a drive of this machine by what the kernel says is mounted."""

from __future__ import annotations

from pathlib import Path

import pytest

from imagecraft_desktop.system.drive import is_network, is_network_in
from tests.fakes import refuse_to_enter

MOUNTS = r"""
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:40 / /home rw,relatime - nfs4 server:/export/home rw,vers=4.2
31 30 8:2 / /home/anna/local rw - ext4 /dev/sdb1 rw
32 22 0:41 / /mnt/my\040share rw - cifs //server/share rw
33 22 0:42 / /media/stick rw - vfat /dev/sdc1 rw
34 22 0:43 / /data rw - nfs server:/data rw
35 34 8:3 / /data rw - xfs /dev/sdd1 rw
36 22 0:44 / /home/anna/remote rw master:3 - fuse.sshfs anna@box:/ rw
"""


@pytest.mark.parametrize(
    ("path", "is_share"),
    [
        ("/var/lib/a", False),
        ("/home/anna/.local/share", True),
        ("/home/anna/local/share", False),
        ("/home/anna/localised", True),
        ("/mnt/my share/history", True),
        ("/media/stick", False),
        ("/data/history", False),
        ("/home/anna/remote/x", True),
        ("/homeless", False),
    ],
)
def test_the_deepest_mount_decides(path: str, is_share: bool):
    assert is_network_in(MOUNTS, Path(path)) == is_share


@pytest.mark.parametrize("text", ["", "nonsense", "1 2 3 - \n - nfs"])
def test_what_is_not_understood_is_no_share(text: str):
    assert not is_network_in(text, Path("/home"))


def test_this_machine_is_asked_for_real(tmp_path: Path):
    assert not is_network(tmp_path / "not" / "there" / "yet")


def test_a_folder_that_may_not_be_entered_is_asked_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    refuse_to_enter(tmp_path, monkeypatch)
    assert not is_network(tmp_path / "history")
