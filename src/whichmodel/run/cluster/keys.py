"""Keys of providers, read where a worker runs: from its environment, or from a file on its node."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from dotenv import dotenv_values


def read_secrets(path: str | None) -> None:
    """Variables of a dotenv file, as this process's own. Raises PermissionError, FileNotFoundError.

    The file has to be its reader's alone (mode 0600 or less). What the environment has already stays.
    """
    if path is None:
        return
    file = Path(path).expanduser()
    mode = stat.S_IMODE(file.stat().st_mode)
    if mode & 0o077:
        raise PermissionError(f"{file} has mode {mode:04o}: others may read it; `chmod 600` it")
    for name, value in dotenv_values(file).items():
        if value is not None:
            os.environ.setdefault(name, value)
