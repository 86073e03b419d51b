"""Training in the panel: settings, slices, pauses, pins."""

from __future__ import annotations

import asyncio
import time

import numpy as np
import pytest

import bpviz as bp
from bpviz.draw.pictures import picture_in
from bpviz.panels import live


def send(panel, **content):
    """Act as the browser: send a message to the panel."""
    panel._receive(panel, content, [])


@pytest.fixture
def panel():
    panel = bp.TrainingPanel(bp.presets.xor())
    panel.sent = []
    panel.send = lambda content, buffers=(): panel.sent.append((content, list(buffers)))
    return panel


async def at_rest(panel):
    """Wait until a run that was told to pause has paused."""
    while panel._live.is_running:
        await asyncio.sleep(0.001)


def losses(panel):
    return np.frombuffer(panel._losses, "<f8")


def test_reset_starts_again_with_nothing_made(panel):
    send(panel, kind="reset")
    assert (panel._total_frames, panel._status, len(losses(panel))) == (0, "ready", 0)
    assert repr(panel) == "TrainingPanel(2-2-1 network on XOR; 0 updates made)"
    assert picture_in(panel._repr_mimebundle_()[0]).startswith("<svg ")
    send(panel, kind="update")
    assert (panel._total_frames, panel.frame, panel._status) == (1, 0, "paused")
    assert float(panel.trace["e2[0]"]) == pytest.approx(-0.93742547)


def test_an_epoch_is_made_to_its_end(panel):
    send(panel, kind="reset")
    send(panel, kind="update")
    send(panel, kind="epoch")
    assert panel._total_frames == 4
    assert losses(panel).tolist() == [0.6390650461887798]


def test_the_history_of_a_run_that_goes_on_is_always_the_newest(panel, monkeypatch):
    monkeypatch.setattr(live, "SECONDS_OF_WORK", 0.0005)
    send(panel, kind="reset")
    seen = []

    async def run():
        send(panel, kind="run")
        while panel._live.is_running:
            seen.append(panel.history.updates)
            await asyncio.sleep(0.001)

    asyncio.run(run())
    assert seen == sorted(seen)
    assert len(set(seen)) > 2
    assert panel.history.updates == 2000


def test_in_slices_or_at_once_the_numbers_are_the_same(panel):
    before = losses(panel)
    send(panel, kind="reset")

    async def run():
        send(panel, kind="run")
        assert panel._status == "running"
        while panel._live.is_running:
            await asyncio.sleep(0.001)

    asyncio.run(run())
    assert np.array_equal(losses(panel), before)
    assert panel._status == "paused"
    assert panel.frame == 1999


def test_while_it_runs_other_work_goes_on_and_pause_is_quick(panel):
    panel.set(epochs=200_000)
    turns = []

    async def run():
        send(panel, kind="run")
        for _ in range(20):
            await asyncio.sleep(0.001)
            turns.append(panel._live.run.updates)
        send(panel, kind="pause")
        await at_rest(panel)

    asyncio.run(run())
    assert 0 < turns[-1] < 800_000
    assert panel._total_frames == panel._live.run.updates


def test_an_unanswered_report_holds_back_the_next(panel, monkeypatch):
    monkeypatch.setattr(live, "SECONDS_TO_WAIT_FOR_AN_ANSWER", 600.0)
    panel.set(epochs=10**6)

    def reports():
        return [content for content, _ in panel.sent if content["kind"] == "progress"]

    async def run(has_enough, answer):
        panel.sent.clear()
        send(panel, kind="run")
        while not has_enough():
            await asyncio.sleep(0.001)
            if answer:
                send(panel, kind="seen")
        seconds = time.monotonic() - began
        send(panel, kind="pause")
        await at_rest(panel)
        return seconds

    began = time.monotonic()
    seconds = asyncio.run(run(lambda: len(reports()) > 3, answer=True))
    # For as long again, without an answer.
    began = time.monotonic()
    asyncio.run(run(lambda: time.monotonic() - began > seconds, answer=False))
    assert len(reports()) == 1


def test_reports_hold_every_loss_once(panel):
    send(panel, kind="reset")

    async def run():
        send(panel, kind="run")
        while panel._live.is_running:
            await asyncio.sleep(0.002)
            send(panel, kind="seen")

    asyncio.run(run())
    told = 0
    for content, buffers in panel.sent:
        if content["kind"] != "progress":
            continue
        assert content["first_epoch"] == told
        chunk = np.frombuffer(buffers[0], "<f8")
        assert np.array_equal(chunk, losses(panel)[told : told + len(chunk)])
        told += len(chunk)
    assert told <= 500


def test_settings_start_the_run_again(panel):
    send(panel, kind="settings", settings={"learning_rate": 0.05, "mistakes": [], "epochs": 50})
    assert panel.settings.learning_rate == 0.05
    assert panel._program["rule"]["mistakes"] == []
    assert panel._total_frames == 0
    send(panel, kind="epoch")
    example = bp.presets.xor()
    rule = bp.Rule(0.05, "dirty", train_biases=False)
    expected = bp.train(example.network, example.inputs, example.targets, rule, epochs=1)
    assert losses(panel).tolist() == expected.rmse.tolist()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"learning_rate": -1}, "learning_rate is -1; give one number, 0 or greater"),
        ({"batch_size": 0}, "batch_size must be at least 1; 0 came"),
        ({"momentum": 0.9}, "there is no setting 'momentum'"),
        ({"update": "lazy"}, "update is 'lazy'; choose one of"),
        ({"shuffle": "yes"}, "shuffle is 'yes'; give True or False"),
        ({"mistakes": ["typo"]}, "mistakes has 'typo'"),
    ],
)
def test_wrong_settings_are_explained_and_change_nothing(panel, settings, message):
    before = losses(panel)
    send(panel, kind="settings", settings=settings)
    assert message in panel._error
    assert np.array_equal(losses(panel), before)


def test_a_new_start_follows_from_the_seed_that_is_shown(panel):
    send(panel, kind="new_start", seed=0)
    assert panel._settings["start_seed"] == 0
    send(panel, kind="update")
    assert panel.trace["W1"] == pytest.approx(
        np.array([[0.97873798, 2.2408932], [1.86755799, -0.97727788]])
    )
    send(panel, kind="new_start", seed=7)
    send(panel, kind="reset")
    assert panel._settings["start_seed"] == 7


def test_batches_with_a_smaller_last_one_have_a_program_of_their_own(panel):
    send(panel, kind="settings", settings={"batch_size": 3})
    assert panel._program["samples"] == 3
    assert panel._last_program["samples"] == 1
    send(panel, kind="epoch")
    assert panel.trace.layout.samples == 1
    send(panel, kind="settings", settings={"batch_size": 2})
    assert panel._last_program == {}


def test_pinned_runs_stay_for_comparison(panel):
    send(panel, kind="pin")
    send(panel, kind="settings", settings={"update": "simultaneous", "epochs": 20})
    send(panel, kind="pin")
    assert [pin["epochs"] for pin in panel._pinned] == [500]
    send(panel, kind="epoch")
    send(panel, kind="pin")
    assert [pin["epochs"] for pin in panel._pinned] == [500, 1]
    assert "simultaneous update" in panel._pinned[1]["name"]
    assert len(np.frombuffer(panel._pinned_losses)) == 501
    send(panel, kind="unpin", index=0)
    assert [pin["epochs"] for pin in panel._pinned] == [1]
    send(panel, kind="unpin", index=5)
    assert "index 5 does not exist" in panel._error


def test_a_run_that_diverges_stops_and_says_where(panel):
    send(panel, kind="settings", settings={"learning_rate": 1e6, "mistakes": []})
    panel.run()
    assert panel._status == "stopped"
    assert "diverged in epoch" in panel._stopped
    panel.frame = panel._total_frames - 1
    assert not np.isfinite(panel.trace.row).all()


def test_a_history_can_be_gone_on_with():
    example = bp.presets.xor()
    history = bp.train(example.network, example.inputs, example.targets, example.rule, epochs=10)
    panel = bp.TrainingPanel(history)
    panel.run(epochs=10)
    longer = bp.train(example.network, example.inputs, example.targets, example.rule, epochs=20)
    assert np.array_equal(losses(panel), longer.rmse)


def test_a_run_keeps_the_pace_that_is_set_and_takes_another_at_once(panel):
    send(panel, kind="reset")
    send(panel, kind="pace", pace=50.0)
    reported = []

    async def run():
        send(panel, kind="run")
        began = time.perf_counter()
        while panel._live.run.updates < 12:
            await asyncio.sleep(0.001)
        seconds = time.perf_counter() - began
        reported.extend(message for message, _ in panel.sent if message["kind"] == "progress")
        for message in reported:
            assert message["updates"] <= 12
        send(panel, kind="pace", pace=0.0)
        await at_rest(panel)
        return seconds

    # The first update is made at once, eleven follow at fifty in a second.
    assert asyncio.run(run()) >= 11 / 50
    assert panel._total_frames == 2000
    assert len(reported) > 0


@pytest.mark.parametrize("pace", [-1.0, float("nan"), "fast", None])
def test_a_pace_that_cannot_be_is_refused(panel, pace):
    send(panel, kind="pace", pace=pace)
    assert "pace" in panel._error
    assert panel._pace == 0
