"""What the console is told when the servers cannot run."""

import errno

FULL_DISK = "Le disque est plein : libérez de la place sous {path}, puis relancez."


class Refusal(Exception):
    """One French sentence for whoever typed the command; never a traceback."""


def refusal_for(error: OSError, path: object) -> Refusal:
    """The sentence for a file system that refuses `path`."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Refusal(FULL_DISK.format(path=path))
    return Refusal(
        f"Impossible d’écrire dans {path} ({error.strerror}) : choisissez un autre dossier avec MEG_DATA_DIR."
    )
