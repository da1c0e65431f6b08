"""Tells a drive of this machine from a share on the network. Used by `history`, which is private."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

_MOUNTS = Path("/proc/self/mountinfo")
_NETWORK = {
    *("nfs", "nfs4", "cifs", "smb3", "smbfs", "smb", "afs", "afpfs", "9p", "ncpfs", "coda"),
    *(
        "ceph",
        "glusterfs",
        "lustre",
        "gpfs",
        "beegfs",
        "ocfs2",
        "gfs2",
        "orangefs",
        "davfs",
        "webdav",
    ),
    *("fuse.sshfs", "fuse.davfs2", "fuse.rclone", "fuse.glusterfs", "fuse.ceph", "fuse.s3fs"),
    *("fuse.smbnetfs", "fuse.curlftpfs", "fuse.gvfsd-fuse", "fuse.mergerfs-nfs", "ftpfs", "vmhgfs"),
}
_DRIVE_REMOTE = 4


def is_network(path: Path) -> bool:
    """Whether a file there would lie on another machine; False where that cannot be known.

    Args:
        path: Need not exist yet.
    """
    there = _nearest(path)
    if os.name == "nt":
        return _is_remote_drive(there)
    if _MOUNTS.exists():
        try:
            return is_network_in(_MOUNTS.read_text("utf-8", "surrogateescape"), there)
        except OSError:
            return False
    from PySide6.QtCore import QStorageInfo

    return bytes(QStorageInfo(str(there)).fileSystemType().data()).decode().lower() in _NETWORK


def is_network_in(mounts: str, path: Path) -> bool:
    """Whether a path lies on a network share, by the text of /proc/self/mountinfo (see proc(5))."""
    deepest, kind = -1, ""
    for row in mounts.splitlines():
        before, _, after = row.partition(" - ")
        fields, facts = before.split(), after.split()
        if len(fields) < 5 or not facts:
            continue
        place = Path(_plain(fields[4]))
        # the last of those that lie on the same place is the one that is seen
        if path.is_relative_to(place) and len(place.parts) >= deepest:
            deepest, kind = len(place.parts), facts[0]
    return kind in _NETWORK


def _plain(escaped: str) -> str:
    r"""A path as the kernel writes it: "\040" is a space."""
    for number in (0o40, 0o11, 0o12, 0o134):
        escaped = escaped.replace(f"\\{number:03o}", chr(number))
    return escaped


def _nearest(path: Path) -> Path:
    """The path, or the folder above it that exists and may be seen; without links."""
    path = Path(os.path.realpath(path))
    while not os.path.exists(path) and path != path.parent:
        path = path.parent
    return path


def _is_remote_drive(path: Path) -> bool:
    import ctypes

    if path.drive.startswith("\\\\"):
        return True
    library: Any = ctypes
    kind: int = library.windll.kernel32.GetDriveTypeW(f"{path.drive}\\")
    return kind == _DRIVE_REMOTE
