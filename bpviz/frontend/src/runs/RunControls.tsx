// What can be done with a run: go on, rest, start again; and what it is doing.

import { batch } from "@preact/signals";
import type { VNode } from "preact";
import { countText } from "../program/numbers";
import { usePanel } from "../ui/context";
import { Icon } from "../ui/Icon";
import { useRun } from "./context";
import { NumberField, Text } from "./Inputs";
import { Speed } from "./Speed";
import { departuresOf } from "./state/lab";
import type { TrainingState } from "./state/training";
import { counted, progressWords } from "./words";

export function RunControls(): VNode | null {
  const state = usePanel();
  const { training } = useRun();
  const { settings, status, ended, fixed } = training;
  const content = state.content.value;
  if (!settings.value || !content) return null;
  const running = isGoing(training, state.offline.value);
  const cannotGoOn = status.value === "stopped" || ended.value !== "";
  const isFixed = fixed.value !== "";
  const { epochs, learning_rate } = settings.value;
  const isMade = content.run.losses.length >= epochs;
  const tell = (kind: "run" | "pause" | "update" | "epoch" | "reset") => () => state.tell(kind, {});
  return (
    <>
      {ended.value && <p class="bpviz-soft">{ended.value}</p>}
      <div class="bpviz-run-row" role="group" aria-label="Training">
        <button
          type="button"
          class="bpviz-button bpviz-text-button bpviz-main"
          aria-disabled={cannotGoOn}
          onClick={() => cannotGoOn || tell(running ? "pause" : "run")()}
        >
          <Icon name={running ? "pause" : "play"} />
          {running
            ? "Pause training"
            : isMade
              ? `Train ${countText(epochs, state.numbers.value)} more`
              : "Run"}
        </button>
        <Text disabled={running || cannotGoOn} onClick={tell("epoch")}>
          One epoch
        </Text>
        <Text disabled={running || cannotGoOn} onClick={tell("update")}>
          One update
        </Text>
        <Speed />
        <NumberField
          label={
            <>
              <span class="bpviz-hidden">learning rate</span> η =
            </>
          }
          disabled={isFixed}
          value={learning_rate}
          onChange={(rate) => state.tell("settings", { settings: { learning_rate: rate } })}
        />
        <MistakesButton />
        <Text disabled={isFixed} onClick={tell("reset")} title="Start again from the same weights">
          Reset
        </Text>
      </div>
    </>
  );
}

/** How many mistakes are on; opens the settings where they are switched. */
function MistakesButton(): VNode {
  const state = usePanel();
  const { choices, settings, showsMistakes } = useRun().training;
  const on = departuresOf(choices.value, settings.value!).filter(
    (one) => one.on && !one.right_because,
  ).length;
  const open = (): void =>
    batch(() => {
      showsMistakes.value = true;
      state.settings.value = !state.settings.value;
    });
  return (
    <button
      type="button"
      class="bpviz-button bpviz-text-button"
      title="Mistakes and conventions: which are on, and what they change"
      aria-expanded={state.settings.value && showsMistakes.value}
      onClick={open}
    >
      <span class="bpviz-pill">{on}</span> {on === 1 ? "mistake" : "mistakes"}
    </button>
  );
}

/** Whether updates are made now. */
export function isGoing(training: TrainingState, offline: string): boolean {
  return training.status.value === "running" && !isCutOff(training, offline);
}

/** Whether a run of Python's ended with its kernel. */
function isCutOff({ status, isPages }: TrainingState, offline: string): boolean {
  return status.value === "running" && offline !== "" && !isPages.value;
}

/** What the run is doing, in words. */
export function RunStatus(): VNode | null {
  const state = usePanel();
  const { training } = useRun();
  const { settings, status, stopped } = training;
  const content = state.content.value;
  if (!settings.value || !content) return null;
  const numbers = state.numbers.value;
  const made = (updates: number): string => progressWords(content.run, updates, numbers);
  if (stopped.value)
    return (
      <p class="bpviz-status bpviz-stopped" role="status">
        <b>Stopped:</b> {stopped.value}.
      </p>
    );
  const wasCutOff = isCutOff(training, state.offline.value);
  const { losses, updatesPerEpoch } = content.run;
  const all = Math.floor(content.total / updatesPerEpoch);
  const isWhole = losses.length >= all;
  // While a run goes on, its epochs are enough to read.
  const going = made(losses.length * updatesPerEpoch || content.total);
  const words = {
    ready:
      "Nothing is trained yet." +
      (training.ended.value
        ? ""
        : ` Run makes ${counted(settings.value.epochs, "epoch", numbers)}.`),
    running: wasCutOff
      ? `Training ended with its kernel: ${going}. ` +
        (training.ended.value ? "The curve stays." : "Run goes on with it here.")
      : `Training: ${going}.`,
    paused: isWhole
      ? `${made(content.total)}.`
      : `Making it again: ${countText(losses.length, numbers)} of ${counted(all, "epoch", numbers)} made.`,
    stopped: "",
  };
  return (
    <p class="bpviz-status" aria-live={status.value === "running" && !wasCutOff ? "off" : "polite"}>
      {words[status.value]}
    </p>
  );
}
