"""The data folder: made, checked and held by one system at a time."""

import fcntl
import os
from pathlib import Path
from typing import IO

from deploy.local.postgres import nobody_may_enter
from deploy.local.start_error import StartError

OTHER_FOLDER = "choose another with RJHUB_LOCAL_DATA_FOLDER"


def open_folder(folder: Path) -> IO[str]:
    """Make the data folder and hold it until the answered file is closed or we die.

    Raises StartError where it cannot be written, where PostgreSQL could not enter it, or when another system holds it.
    """
    as_root = os.geteuid() == 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o711 if as_root else 0o700)  # as root PostgreSQL passes through as nobody, and sees no names
        (folder / "logs").mkdir(exist_ok=True, mode=0o700)
        lock = (folder / "lock").open("a+", encoding="utf-8")
    except OSError as refused:
        reason = refused.strerror
        raise StartError(f"The data folder {folder} cannot be written ({reason}): {OTHER_FOLDER}.") from refused
    if as_root and not nobody_may_enter(folder):
        raise StartError(
            f"The data folder {folder} lies in a private folder, and as root PostgreSQL runs as the user nobody, "
            f"who may not enter it: {OTHER_FOLDER}."
        )
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as held:
        lock.seek(0)
        holder = lock.read().strip()
        lock.close()
        raise StartError(
            f"RJ Hub already runs from {folder} (process {holder}): stop it first, or {OTHER_FOLDER}."
        ) from held
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock
