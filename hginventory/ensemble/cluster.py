"""Finds the workers of an ensemble: those of a running scheduler, or two of our own for as long as a run takes."""

from __future__ import annotations

import ipaddress
import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hginventory.ensemble.kernels.compile_cache import kernel_digest
from hginventory.errors import UsageError

if TYPE_CHECKING:
    from distributed import Client

WORKERS = 2
SILENT = logging.CRITICAL + 1  # what a lost worker means is told by the result, or by one error
CONNECT_WITHIN = 10  # seconds
WORKERS_WITHIN = 60  # seconds


@contextmanager
def workers_of(scheduler: str | None) -> Iterator[Client]:
    """Yield a client of the workers to use, and leave nothing of ours running behind it.

    Parameters
    ----------
    scheduler : str or None
        Address of a running scheduler; None: two workers on this machine.
    """
    import dask

    # Shares travel with their tasks, so that a lost worker loses no input: large graphs are meant.
    with (
        dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 TB"}),
        _own_workers() if scheduler is None else _connected(scheduler) as client,
    ):
        yield client


@contextmanager
def _connected(scheduler: str) -> Iterator[Client]:
    """Yield a client of a running scheduler whose workers have the same code as we."""
    from distributed import Client
    from distributed.comm import get_address_host_port

    missing = UsageError(
        f"no scheduler answers at {scheduler}. Start one with 'dask scheduler' and workers with 'dask worker ADDRESS', "
        "or leave `scheduler` out for two workers on this machine.",
        parameter="scheduler",
    )
    try:  # a client that cannot connect would go on trying behind our back
        socket.create_connection(get_address_host_port(scheduler), timeout=CONNECT_WITHIN).close()
        client = Client(scheduler, timeout=CONNECT_WITHIN, set_as_default=False)
    except (OSError, ValueError) as error:
        raise missing from error
    _warn_of_strangers(scheduler)
    with client:
        try:
            client.wait_for_workers(1, timeout=WORKERS_WITHIN)
        except TimeoutError:
            raise UsageError(
                f"the scheduler at {scheduler} has no workers. Start some with 'dask worker {scheduler}'.",
                parameter="scheduler",
            ) from None
        _check_versions(client, scheduler)
        yield client


def _warn_of_strangers(scheduler: str) -> None:
    """Warn where others on the network may send code to a scheduler, and with it to its workers, unasked."""
    from distributed.comm import get_address_host

    host = get_address_host(scheduler)
    with suppress(ValueError):  # a name
        if ipaddress.ip_address(host).is_loopback:
            return
    if host != "localhost" and not scheduler.startswith("tls://"):
        warnings.warn(
            f"the scheduler at {scheduler} asks nobody for a password: whoever reaches it can run code on its workers. "
            "Use it on a network that you trust only, or with TLS (tls://).",
            stacklevel=2,
        )


def _check_versions(client: Client, scheduler: str) -> None:
    """Raise a UsageError where a worker would compute with other code."""
    remedy = "Install the same version of hginventory there, or leave `scheduler` out."
    try:
        found = client.run(versions)
    except ModuleNotFoundError as error:
        raise UsageError(
            f"the workers of {scheduler} have no package {error.name!r}. {remedy}", parameter="scheduler"
        ) from error
    for worker, its in found.items():
        different = [
            f"{name} {its.get(name)}, here {ours}" for name, ours in versions().items() if its.get(name) != ours
        ]
        if different:
            raise UsageError(
                f"the worker {worker} of {scheduler} has {'; '.join(different)}. {remedy}", parameter="scheduler"
            )


@contextmanager
def failures_explained() -> Iterator[None]:
    """Turn the loss of workers again and again into an error that says what to do."""
    from distributed import KilledWorker

    try:
        yield
    except KilledWorker as error:
        raise UsageError(
            f"the workers of dask ended {error.allowed_failures + 1} times during the same task, as they do where "
            "memory is short. Ask for fewer `draws`, or give each worker more memory.",
            parameter="engine",
        ) from error


def versions() -> dict[str, str]:
    """Return what must be the same everywhere for the same bits."""
    import numba
    import numpy as np

    return {"hginventory code": kernel_digest()[:12], "numba": numba.__version__, "numpy": np.__version__}


@contextmanager
def _own_workers() -> Iterator[Client]:
    """Yield a client of two worker processes on this machine, which end with the run however it ends."""
    from distributed import Client, LocalCluster

    class Cluster(LocalCluster):  # type: ignore[misc]  # distributed tells no types
        """The scheduler alone, which workers of ours join."""

        def _update_worker_status(self, op: str, msg: Any) -> None:
            with suppress(KeyError):  # of a worker it knows no longer, which would end its closing half way
                super()._update_worker_status(op, msg)

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hginv-", ignore_cleanup_errors=True)))
        with _interrupts_held():
            cluster = stack.enter_context(
                Cluster(  # the workers are processes of their own
                    n_workers=0,
                    host="127.0.0.1",
                    dashboard_address="127.0.0.1:0",  # None would be port 8787, which may be taken
                    scheduler_kwargs={"dashboard": False},
                    silence_logs=SILENT,
                )
            )
        log = folder / "workers.log"
        processes = stack.enter_context(_worker_processes(cluster.scheduler_address, folder, log))
        deadline = time.monotonic() + WORKERS_WITHIN
        while len(cluster.scheduler.workers) < WORKERS:  # waited for here, where Ctrl-C leaves nothing half started
            if processes.poll() is not None or time.monotonic() > deadline:
                last = log.read_text(encoding="utf-8", errors="replace").strip().rpartition("\n")[2]
                raise UsageError(
                    f"the worker processes of dask did not start (their last output: {last or 'none'}). "
                    "`engine='numba'` gives the same results without them.",
                    parameter="engine",
                )
            time.sleep(0.02)
        with _interrupts_held():
            client = stack.enter_context(Client(cluster, set_as_default=False))
        yield client


@contextmanager
def _worker_processes(scheduler: str, folder: Path, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Yield the parent of the workers; kill all of them at the end, in the middle of a task or not.

    They are started from the command line, so that they import nothing of the script or notebook that called us, and
    in a session of their own, so that Ctrl-C is for us alone. The parent starts a lost worker again.
    """
    import psutil

    command = (
        sys.executable, "-m", "distributed.cli.dask_worker", scheduler, "--host", "127.0.0.1",
        "--nworkers", str(WORKERS), "--nthreads", "1", "--memory-limit", "0", "--no-dashboard",
        "--dashboard-address", "127.0.0.1:0", "--local-directory", str(folder), "--death-timeout", "10",
    )  # fmt: skip
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with log.open("wb") as words:
        processes = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=words, stderr=words, env=environment, start_new_session=True
        )
    try:
        yield processes
    finally:
        with suppress(psutil.NoSuchProcess):
            parent = psutil.Process(processes.pid)
            parent.suspend()  # else it would start killed workers again
            for child in (*parent.children(recursive=True), parent):
                with suppress(psutil.NoSuchProcess):
                    child.kill()
        processes.wait()


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Keep Ctrl-C back while a part of the cluster is made, so that nothing is left half made."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
