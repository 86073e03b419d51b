"""A sweep has the same numbers, to the last bit, whoever makes its runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from concurrent.futures import (
    BrokenExecutor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
)
from itertools import chain, count, repeat
from multiprocessing import get_context
from pathlib import Path
from signal import SIGKILL, raise_signal

import dask
import numpy as np
import pytest
from distributed import Client, LocalCluster

import bpviz as bp
from bpviz.core.progress import Progress
from bpviz.core.sweep import all_runs, curves, workers
from bpviz.core.sweep.workers import Workers, available_cores

XOR = bp.presets.xor()
NUMBERS = ("starts", "ends", "rmse", "rmse_before", "percentiles")


def xor_sweep(epochs: int = 40, runs: int = 700, **options) -> bp.Sweep:
    """Return a sweep of functions whose last bits depend on how they are computed."""
    network = bp.Network.random([2, 3, 2], ["tanh", "softmax"], 0, loss="cross_entropy")
    targets = np.eye(2)[[0, 1, 1, 0]]
    return bp.sweep(network, XOR.inputs, targets, bp.Rule(0.3), epochs, runs, seed=3, **options)


ALONE = xor_sweep()


def assert_same(sweep: bp.Sweep, other: bp.Sweep = ALONE) -> None:
    assert sweep.epochs == other.epochs
    for name in NUMBERS:
        np.testing.assert_array_equal(getattr(sweep, name), getattr(other, name), name)


class Begun(Workers):
    """Workers of which one has begun when they are there, and which count their calls."""

    calls = 0

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.submit(abs, -1).result()
        Begun.calls = 0

    def submit(self, fn, /, *args, **kwargs):
        Begun.calls += 1
        return super().submit(fn, *args, **kwargs)


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let short sweeps be cut into many pieces, and be worth workers."""
    for name, value in {
        "SECONDS_TO_SEE": 0.0,
        "SECONDS_WORTH_A_WORKER": 1e-9,
        "NUMBERS_WORTH_A_CALL": 2**10,
        "NUMBERS_FOR_AN_EXECUTOR": 2**14,
        "Workers": Begun,
        "available_cores": lambda: 3,
    }.items():
        monkeypatch.setattr(all_runs, name, value)


pytestmark = pytest.mark.usefixtures("_impatient")


class TestWorkers:
    def test_make_the_same_numbers(self):
        assert_same(xor_sweep())
        assert Begun.calls >= 1  # how many more is for the machine to say

    def test_make_the_same_numbers_where_not_all_is_kept(self, monkeypatch):
        monkeypatch.setattr(curves, "NUMBERS_KEPT", 9 * 700)
        sweep = xor_sweep()
        assert sweep.curves is None
        assert_same(sweep)

    def test_nothing_is_lost_if_one_is_killed(self, monkeypatch):
        class Mortal(Begun):
            def submit(self, fn, /, *args, **kwargs):
                future = super().submit(fn, *args, **kwargs)
                if Begun.calls == 4:
                    for process in self._processes:
                        process.kill()
                return future

        monkeypatch.setattr(all_runs, "Workers", Mortal)
        assert_same(xor_sweep())

    def test_a_sweep_goes_on_without_those_that_cannot_be_started(self, monkeypatch):
        monkeypatch.setattr(all_runs, "Workers", Workers)
        monkeypatch.setattr(sys, "executable", "/no/python")
        assert_same(xor_sweep())

    def test_are_not_started_for_a_short_sweep_or_a_single_core(self, monkeypatch):
        def refuse(count: int) -> None:
            raise AssertionError(f"{count} workers are started")

        monkeypatch.setattr(all_runs, "Workers", refuse)
        monkeypatch.setattr(all_runs, "SECONDS_WORTH_A_WORKER", 60.0)
        assert_same(xor_sweep())
        monkeypatch.setattr(all_runs, "SECONDS_WORTH_A_WORKER", 1e-9)
        monkeypatch.setattr(all_runs, "available_cores", lambda: 1)
        assert_same(xor_sweep())

    def test_are_not_started_because_a_machine_pauses_before_the_first_epoch(self, monkeypatch):
        def refuse(count: int) -> None:
            raise AssertionError(f"{count} workers are started")

        clock = chain([0.0], repeat(1.0))
        monkeypatch.setattr(all_runs, "Workers", refuse)
        monkeypatch.setattr(all_runs, "SECONDS_WORTH_A_WORKER", 60.0)
        monkeypatch.setattr(all_runs, "perf_counter", lambda: next(clock))
        assert_same(xor_sweep())

    def test_import_the_core_alone_and_end_with_the_sweep(self):
        with Workers(1) as executor:
            names = executor.submit(eval, "list(__import__('sys').modules)").result()
            (process,) = executor._processes
        rooms = {name.split(".")[1] for name in names if name.startswith("bpviz.")}
        assert rooms == {"core", "presets"}
        assert not {"matplotlib", "anywidget", "IPython", "tqdm"} & set(names)
        assert process.returncode is not None

    def test_need_no_script_that_is_written_for_them(self, tmp_path: Path):
        script = tmp_path / "script.py"
        script.write_text(
            "import bpviz as bp\n"
            "from tests.core import test_shared_sweep as shared\n"
            "with shared.Begun(1) as executor:\n"
            "    shared.assert_same(shared.xor_sweep(executor=executor))\n"
            "print('once')\n"
        )
        command = [sys.executable, str(script)]
        environment = os.environ | {"PYTHONPATH": str(Path(bp.__file__).parents[1])}
        run = subprocess.run(command, capture_output=True, text=True, env=environment)
        assert (run.stdout, run.stderr) == ("once\n", "")

    @pytest.mark.parametrize(
        ("quota", "cores"),
        [("150000 100000", 1), ("200000 100000", 2), ("50000 100000", 1), ("max 100000", 64)],
    )
    def test_no_more_are_started_than_a_container_may_use(
        self, monkeypatch, tmp_path, quota, cores
    ):
        monkeypatch.setattr(workers, "QUOTA", tmp_path / "cpu.max")
        workers.QUOTA.write_text(quota + "\n")
        monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(64), raising=False)
        assert available_cores() == cores


class Failing(ThreadPoolExecutor):
    """Makes some pieces, then none."""

    def __init__(self, pieces: int, error: Exception) -> None:
        super().__init__(2)
        self.pieces, self.error = pieces, error

    def submit(self, fn, /, *args, **kwargs):
        self.pieces -= 1
        if self.pieces >= 0:
            return super().submit(fn, *args, **kwargs)
        future: Future[object] = Future()
        future.set_exception(self.error)
        return future


class TestExecutor:
    def test_of_threads_makes_the_same_numbers_and_stays_open(self):
        with ThreadPoolExecutor(3) as executor:
            assert_same(xor_sweep(executor=executor))
            assert executor.submit(abs, -1).result() == 1

    def test_of_processes_makes_the_same_numbers_even_if_one_is_killed(self):
        class Pool(ProcessPoolExecutor):
            count = 0

            def submit(self, fn, /, *args, **kwargs):
                Pool.count += 1
                if Pool.count == 9:
                    # Killed from outside it may be in the middle of a result, for whose end
                    # Python's own executor waits for ever.
                    super().submit(raise_signal, SIGKILL)
                return super().submit(fn, *args, **kwargs)

        with (
            Pool(2, mp_context=get_context("spawn")) as executor,
            pytest.warns(bp.TrainingWarning, match="executor has failed with Broken") as told,
        ):
            assert_same(xor_sweep(executor=executor))
        assert told[0].filename == __file__

    @pytest.mark.parametrize(
        ("pieces", "error"), [(3, OSError("the cable is out")), (0, BrokenExecutor("all gone"))]
    )
    def test_that_fails_on_the_way_leaves_the_rest_to_this_process(self, pieces, error):
        with (
            Failing(pieces, error) as executor,
            pytest.warns(bp.TrainingWarning, match=f"{error}; this process makes the rest"),
        ):
            assert_same(xor_sweep(executor=executor))

    def test_that_makes_nothing_is_named(self):
        error = ModuleNotFoundError("No module named 'bpviz'")
        with (
            Failing(0, error) as executor,
            pytest.raises(RuntimeError, match=r"executor has made no part.*named 'bpviz'"),
        ):
            xor_sweep(executor=executor)

    def test_must_be_open(self):
        executor = ThreadPoolExecutor(1)
        executor.shutdown()
        with pytest.raises(ValueError, match=r"executor takes no work: .* after shutdown; give"):
            xor_sweep(executor=executor)

    @pytest.mark.parametrize("wrong", [2, "processes", ThreadPoolExecutor, lambda: None])
    def test_must_be_one(self, wrong):
        with pytest.raises(
            TypeError, match=r"executor is .*; give an open concurrent.futures.Exec"
        ):
            xor_sweep(executor=wrong)


class TestDask:
    def test_makes_the_same_numbers_even_if_a_worker_is_killed(self, monkeypatch):
        shown = []
        monkeypatch.setattr(Progress, "show", lambda _, done: shown.append(done))
        kept = {"distributed.worker.memory.terminate": False, "distributed.comm.timeouts.tcp": 60}
        with (
            dask.config.set(kept),
            LocalCluster(2, threads_per_worker=1, dashboard_address=None) as cluster,
            Client(cluster) as client,
            client.get_executor() as executor,
        ):
            submit, calls = executor.submit, count(1)

            def submit_and_kill(*arguments):
                if next(calls) == 9:
                    os.kill(client.run(os.getpid)[cluster.workers[0].worker_address], SIGKILL)
                return submit(*arguments)

            executor.submit = submit_and_kill
            assert_same(xor_sweep(executor=executor))
        assert next(calls) > 9
        assert shown == sorted(shown)
        assert shown[-1] == 40 * 700 * len(XOR.inputs)

    def test_client_is_told_from_its_executor(self):
        class LikeClient:
            def get_executor(self): ...

        with pytest.raises(TypeError, match=r"give client.get_executor\(\) of a Dask client"):
            xor_sweep(executor=LikeClient())


class TestInterruption:
    @pytest.fixture(params=["here", "workers", "executor"])
    def options(self, request, monkeypatch):
        """Return who makes a sweep."""
        if request.param != "workers":
            monkeypatch.setattr(all_runs, "available_cores", lambda: 1)
        # One thread takes the pieces in turn. Of two, a busy machine can hold one back until the
        # other has made most of its runs, and then there is no epoch that all have made.
        with ThreadPoolExecutor(1) as executor:
            yield {"executor": executor if request.param == "executor" else None}

    def interrupted(self, monkeypatch, share: float, **options) -> bp.Sweep:
        """Return a sweep that is interrupted after a share of all updates."""
        end = share * 40 * 700 * len(XOR.inputs)

        def show(_, done: int) -> None:
            if done > end:
                raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(Progress, "show", show)
            return xor_sweep(**options)

    def test_keeps_what_all_runs_have_done(self, monkeypatch, options):
        with pytest.warns(bp.TrainingWarning, match="the sweep was interrupted; it holds") as told:
            sweep = self.interrupted(monkeypatch, 0.6, **options)
        assert told[0].filename == __file__
        assert re.search(f"it holds {sweep.epochs} epochs? of 40", str(told[0].message))
        assert 0 < sweep.epochs < 40
        assert_same(sweep, xor_sweep(sweep.epochs))

    def test_keeps_it_where_not_all_is_kept(self, monkeypatch, options):
        monkeypatch.setattr(curves, "NUMBERS_KEPT", 20 * 700)
        with pytest.warns(bp.TrainingWarning, match="interrupted"):
            sweep = self.interrupted(monkeypatch, 0.8, **options)
        assert_same(sweep, xor_sweep(sweep.epochs))

    def test_before_the_first_epoch_leaves_nothing(self, monkeypatch, options):
        with pytest.raises(KeyboardInterrupt):
            self.interrupted(monkeypatch, 0.0, **options)
