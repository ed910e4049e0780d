"""Finds the workers of an ensemble: those of a running scheduler, or two of our own for as long as a run takes."""

from __future__ import annotations

import logging
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.resource_tracker import ensure_running
from typing import TYPE_CHECKING

from hginventory.ensemble.compiled import kernel_digest
from hginventory.errors import UsageError

if TYPE_CHECKING:
    from distributed import Client, LocalCluster

WORKERS = 2
SILENT = logging.CRITICAL + 1  # what a lost worker means is told by the result, or by one error
CONNECT_WITHIN = 10  # seconds
WORKERS_WITHIN = 60  # seconds
CLOSE_WITHIN = 10  # seconds


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

    try:
        client = Client(scheduler, timeout=CONNECT_WITHIN, set_as_default=False)
    except (OSError, ValueError) as error:
        raise UsageError(
            f"--scheduler {scheduler}: no scheduler answers there ({type(error).__name__}). Start one with "
            "'dask scheduler' and workers with 'dask worker ADDRESS', or leave --scheduler out for two workers on "
            "this machine."
        ) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=WORKERS_WITHIN)
        except TimeoutError:
            raise UsageError(
                f"--scheduler {scheduler}: the scheduler has no workers. Start some with 'dask worker {scheduler}'."
            ) from None
        _check_versions(client, scheduler)
        yield client


def _check_versions(client: Client, scheduler: str) -> None:
    """Raise a UsageError where a worker would compute with other code."""
    remedy = "Install the same version of hginventory there, or leave --scheduler out."
    try:
        found = client.run(versions)
    except ModuleNotFoundError as error:
        raise UsageError(f"--scheduler {scheduler}: its workers have no package {error.name!r}. {remedy}") from error
    for worker, its in found.items():
        different = [
            f"{name} {its.get(name)}, here {ours}" for name, ours in versions().items() if its.get(name) != ours
        ]
        if different:
            raise UsageError(f"--scheduler {scheduler}: the worker {worker} has {'; '.join(different)}. {remedy}")


@contextmanager
def failures_explained() -> Iterator[None]:
    """Turn the loss of workers again and again into an error that says what to do."""
    from distributed import KilledWorker

    try:
        yield
    except KilledWorker as error:
        raise UsageError(
            f"--engine dask: the workers ended {error.allowed_failures + 1} times during the same task, as they do "
            "where memory is short. Ask for fewer --draws, or give each worker more memory."
        ) from error


def versions() -> dict[str, str]:
    """Return what must be the same everywhere for the same bits."""
    import numba
    import numpy as np

    return {"hginventory code": kernel_digest()[:12], "numba": numba.__version__, "numpy": np.__version__}


@contextmanager
def _own_workers() -> Iterator[Client]:
    """Yield a client of two worker processes on this machine, which end with the run however it ends."""
    import psutil
    from distributed import Client, LocalCluster

    with tempfile.TemporaryDirectory(prefix="hginv-", ignore_cleanup_errors=True) as folder:
        with _interrupts_held():
            cluster = LocalCluster(
                n_workers=0,
                threads_per_worker=1,
                processes=True,
                host="127.0.0.1",
                memory_limit=0,  # a run takes what it needs, as in a single process
                dashboard_address="127.0.0.1:0",  # None would be port 8787, which may be taken
                scheduler_kwargs={"dashboard": False},
                local_directory=folder,
                silence_logs=SILENT,
            )
        others = {child.pid for child in psutil.Process().children()}
        try:
            cluster.scale(WORKERS)
            deadline = time.monotonic() + WORKERS_WITHIN
            while not cluster.scheduler.workers:  # waited for here, where Ctrl-C leaves nothing half started
                if time.monotonic() > deadline:
                    raise UsageError(
                        f"--engine dask: no worker process came up within {WORKERS_WITHIN} s. Try again on a less busy "
                        "machine, or use --engine numba, which gives the same results."
                    )
                time.sleep(0.02)
            with _interrupts_held():
                client = Client(cluster, set_as_default=False)
            with client:
                yield client
        finally:
            _end(cluster, others)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Keep Ctrl-C from the threads begun meanwhile and from the processes these begin: it is for the main thread."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    ensure_running()  # else begun by such a thread, which would then let Ctrl-C through
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end(cluster: LocalCluster, others: set[int]) -> None:
    """End our worker processes at once, also those that only start or have a task, and then the scheduler."""
    import psutil

    closed = threading.Event()

    def end_workers() -> None:
        while True:
            for child in psutil.Process().children():
                if child.pid not in others:
                    with suppress(psutil.NoSuchProcess):
                        child.kill()
            if closed.wait(0.05):
                return

    for nanny in cluster.workers.values():
        nanny.auto_restart = False
    ending = threading.Thread(target=end_workers, daemon=True)
    ending.start()
    cluster.shutdown_on_close = False  # it is ended here, and not once more at exit
    try:
        with suppress(Exception):  # the processes are gone; what their scheduler thinks of it matters no more
            cluster.close(timeout=CLOSE_WITHIN)
    finally:
        closed.set()
        ending.join()
