"""Ensembles on the workers of dask.distributed: the bits of a single process, whatever happens to the workers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest

from hginventory.ensemble import distributed, run
from hginventory.ensemble.numba_engine import run_kernel, run_scenarios
from hginventory.ensemble.partition import Partition
from hginventory.ensemble.run import check_engine, run_ensemble
from hginventory.ensemble.stacked_scenarios import stack
from hginventory.errors import UsageError
from tests.ensemble.synthetic import different_bits, made_up_fleet

if find_spec("distributed") is None:
    if os.environ.get("CI"):
        pytest.fail("distributed is missing: the extra 'test' installs it", pytrace=False)
    pytest.skip("needs the package distributed: pip install 'hginventory[dask]'", allow_module_level=True)

from distributed import Client

from hginventory.ensemble.cluster import _warn_of_strangers, failures_explained, workers_of
from hginventory.ensemble.distributed import run_dask, run_on, run_plan

ROOT = Path(__file__).parents[2]
DRAWS, SEED = 1100, 3
LONG_RUN = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # what a shell starts in the background ignores it
import sys
from tests.ensemble.synthetic import made_up_fleet
from hginventory.ensemble.distributed import run_dask
run_dask(made_up_fleet(4000), 200_000, 1, progress=lambda done: print(done, flush=True))
"""


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with workers_of(None) as client:
        yield client


@pytest.mark.cluster
@pytest.mark.parametrize("shifting_ends", [False, True])
@pytest.mark.parametrize("count", [1, 50, 900, 3000])
def test_two_workers_give_the_bits_of_one_process(client: Client, count: int, shifting_ends: bool) -> None:
    given = made_up_fleet(count, shifting_ends=shifting_ends, complying=not shifting_ends and count >= 900)
    assert len(client.nthreads()) == 2
    ours = run_on(client, given, DRAWS, SEED)
    assert different_bits(ours, run_kernel(given, DRAWS, SEED)) == []


@pytest.mark.cluster
def test_stacked_scenarios_keep_their_bits(client: Client) -> None:
    given = made_up_fleet(500)
    less = replace(given, rows=replace(given.rows, central=0.5 * given.rows.central))
    ours = run_plan(client, Partition(stack([given, less, given]), DRAWS, SEED, 3))
    for own, here in zip(ours, run_scenarios([given, less, given], DRAWS, SEED), strict=True):
        assert different_bits(own, here) == []


@pytest.mark.cluster
@pytest.mark.parametrize("killed_at", [0.1, 0.7], ids=["first pass", "second pass"])
def test_a_killed_worker_changes_no_bit(client: Client, killed_at: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distributed, "LEAST_UNITS", 64)  # many shares, so that work is left when a worker is lost
    given, killed = made_up_fleet(900), []

    def kill_a_worker(done: float) -> None:
        if done > killed_at and not killed:
            killed.append(next(iter(client.run(os.getpid).values())))
            os.kill(killed[0], signal.SIGKILL)

    ours = run_on(client, given, DRAWS, SEED, progress=kill_a_worker)
    assert len(killed) == 1
    assert different_bits(ours, run_kernel(given, DRAWS, SEED)) == []
    client.wait_for_workers(2, timeout=60)
    assert killed[0] not in client.run(os.getpid).values()


@pytest.mark.cluster
def test_word_of_a_worker_unknown_by_now_does_not_keep_a_run_from_ending() -> None:
    with workers_of(None) as client:
        client.cluster._update_worker_status("remove", "tcp://127.0.0.1:1")


@pytest.mark.cluster
def test_a_running_scheduler_is_used_and_left_running(client: Client) -> None:
    given, told = made_up_fleet(300), []
    address = client.scheduler.address
    ours = run_ensemble(given, DRAWS, SEED, engine="auto", scheduler=address, progress=told.append)
    assert different_bits(ours, run_kernel(given, DRAWS, SEED)) == []
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(client.nthreads()) == 2


@pytest.mark.cluster
def test_workers_with_other_code_are_refused(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hginventory.ensemble.cluster.kernel_digest", lambda: "another")
    with pytest.raises(UsageError, match=r"has hginventory code .*, here another\. Install the same version"):
        run_dask(made_up_fleet(5), 10, SEED, scheduler=client.scheduler.address)


@pytest.mark.slow
@pytest.mark.cluster
def test_workers_that_die_again_and_again_are_explained(client: Client) -> None:
    with (
        pytest.raises(UsageError, match=r"engine: the workers of dask ended 4 times .* fewer `draws`"),
        failures_explained(),
    ):
        client.submit(os._exit, 1, pure=False).result()
    client.wait_for_workers(2, timeout=60)


@pytest.mark.slow
@pytest.mark.cluster
def test_an_interrupt_ends_all_processes_within_seconds(tmp_path: Path) -> None:
    import psutil

    run = subprocess.Popen(
        [sys.executable, "-c", LONG_RUN], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)},
    )  # fmt: skip
    with run:
        assert run.stdout is not None
        deadline = time.monotonic() + 120
        workers: list[psutil.Process] = []
        while len(workers) < 4 and time.monotonic() < deadline:  # a parent and two workers with theirs
            workers = psutil.Process(run.pid).children(recursive=True)
            assert run.poll() is None
            time.sleep(0.1)
        time.sleep(2)
        run.send_signal(signal.SIGINT)
        begun = time.monotonic()
        _, words = run.communicate(timeout=60)
    assert time.monotonic() - begun < 10
    assert "KeyboardInterrupt" in words
    assert not [worker for worker in workers if worker.is_running() and worker.status() != psutil.STATUS_ZOMBIE]
    assert not list(tmp_path.glob("hginv-*"))


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense", "tcp://nowhere.invalid:8786"])
def test_a_scheduler_that_does_not_answer_is_named(address: str) -> None:
    with pytest.raises(UsageError, match=f"scheduler: no scheduler answers at {address}. Start one"):
        run_ensemble(made_up_fleet(5), 10, SEED, scheduler=address)


@pytest.mark.slow
@pytest.mark.cluster
def test_our_own_workers_listen_to_this_machine_only() -> None:
    import psutil

    with workers_of(None):
        processes = [psutil.Process(), *psutil.Process().children(recursive=True)]
        sockets = [socket for process in processes for socket in process.net_connections()]
        listening = [socket.laddr.ip for socket in sockets if socket.status == "LISTEN"]
    assert len(listening) >= 3  # the scheduler and two workers
    assert set(listening) == {"127.0.0.1"}


@pytest.mark.parametrize("address", ["tcp://10.0.0.1:8786", "tcp://server:8786", "tcp://[2001:db8::1]:8786"])
def test_a_scheduler_that_others_may_reach_is_warned_of(address: str) -> None:
    with pytest.warns(UserWarning, match="asks nobody for a password"):
        _warn_of_strangers(address)


@pytest.mark.parametrize(
    "address",
    ["tcp://127.0.0.1:8786", "tcp://localhost:8786", "tcp://[::1]:8786", "tls://10.0.0.1:8786", "127.0.0.9:1"],
)
def test_a_scheduler_of_this_machine_or_with_keys_is_not_warned_of(address: str) -> None:
    _warn_of_strangers(address)  # a warning would be an error here


def test_missing_package_is_named_with_the_way_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"pip install 'hginventory\[dask\]'"):
        run_ensemble(made_up_fleet(5), 10, SEED, engine="dask")


@pytest.mark.parametrize(
    ("engine", "scheduler", "message"),
    [
        ("ray", None, "engine: there is no engine .ray.. Use one of: auto, numpy, numba, dask."),
        ("numba", "tcp://127.0.0.1:1", "scheduler: a scheduler goes with `engine=.dask.`, not with numba"),
    ],
)
def test_an_engine_that_cannot_be_had_is_refused(engine: str, scheduler: str | None, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        check_engine(engine, scheduler)
