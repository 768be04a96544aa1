"""Whether a program on the disk can be somebody else's: who owns it, and who may write where it lies."""

from __future__ import annotations

import grp
import os
import pwd
import stat
from pathlib import Path


def stranger(path: Path) -> str:
    """Why somebody else could have put a program there, or could change it; empty when nobody could.

    Trusted is what root or this user owns, in folders that nobody else may write, up to the root of the disk.
    In a folder such as /tmp everybody may write, but nobody may touch what is another's (the sticky bit).

    Args:
        path: a program, or a folder with programs; links are followed.
    """
    target = path.resolve()
    inner = sorted(target.iterdir()) if target.is_dir() else []
    for each in (*inner, target, *target.parents):
        try:
            found = each.lstat()
        except OSError as error:
            return f"{each} cannot be looked at: {error.strerror}"
        if found.st_uid not in (0, os.geteuid()):
            return f"{each} belongs to {_user(found.st_uid)}"
        if not stat.S_ISLNK(found.st_mode) and _others_may_write(found, is_above=each in target.parents):
            return f"{each} can be written by others"
    return ""


def _others_may_write(found: os.stat_result, *, is_above: bool) -> bool:
    if is_above and found.st_mode & stat.S_ISVTX:
        return False
    if found.st_mode & stat.S_IWOTH:
        return True
    return bool(found.st_mode & stat.S_IWGRP) and _has_others(found.st_gid)


def _has_others(group: int) -> bool:
    """Whether anybody but root and this user is in a group."""
    own = {0, os.geteuid()}
    try:
        members = {pwd.getpwnam(name).pw_uid for name in grp.getgrgid(group).gr_mem}
    except KeyError:
        return True
    return bool((members | {user.pw_uid for user in pwd.getpwall() if user.pw_gid == group}) - own)


def _user(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"user {number}"
