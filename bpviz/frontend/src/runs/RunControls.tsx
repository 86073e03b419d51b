// What can be done with a run: go on, rest, start again, compare; and the settings it has.

import type { Signal } from "@preact/signals";
import type { ComponentChildren, VNode } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Settings } from "../protocol/messages";
import { Button } from "../ui/Button";
import { usePanel } from "../ui/context";
import { useRun } from "./context";
import { CurveMark, LossWords } from "./LossCurve";
import type { Choice, TrainingState } from "./state/training";
import { counted, progressWords, settingsWords } from "./words";

export function RunControls(): VNode | null {
  const state = usePanel();
  const { training } = useRun();
  const { choices, settings, status } = training;
  if (!settings.value) return null;
  const running = status.value === "running" && !isCutOff(training, state.offline.value);
  const stopped = status.value === "stopped";
  const tell = (kind: "run" | "pause" | "update" | "epoch" | "reset" | "pin") => () =>
    state.tell(kind, {});
  return (
    <div class="bpviz-run-row">
      <div class="bpviz-buttons" role="group" aria-label="Training">
        <Button
          icon={running ? "pause" : "play"}
          label={running ? "Pause training" : "Run"}
          main
          disabled={stopped}
          onClick={tell(running ? "pause" : "run")}
        />
        <Text disabled={running || stopped} onClick={tell("update")}>
          One update
        </Text>
        <Text disabled={running || stopped} onClick={tell("epoch")}>
          One epoch
        </Text>
        <Text onClick={tell("reset")} title="Start again from the same weights">
          Reset
        </Text>
        <Text
          disabled={!state.content.value?.run.losses.length}
          onClick={tell("pin")}
          title="Keep this curve, to compare it with the runs that follow"
        >
          Pin
        </Text>
      </div>
      <NewStart seed={settings.value.start_seed} />
      <RunSettings settings={settings.value} choices={choices.value} />
    </div>
  );
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
  const made = progressWords(content.run, content.total, state.numbers.value);
  if (stopped.value)
    return (
      <p class="bpviz-stopped" role="status">
        <b>Stopped:</b> {stopped.value}.{" "}
        <Text onClick={() => state.setFrame(content.total - 1)}>Show that update</Text>
      </p>
    );
  const wasCutOff = isCutOff(training, state.offline.value);
  const words = {
    ready: `Nothing is trained yet. Run makes ${counted(settings.value.epochs, "epoch")}.`,
    running: wasCutOff
      ? `Training ended with its kernel: ${made}. ` +
        (training.origin.value
          ? "Run goes on with it in this page."
          : "The curve stays, and the updates that the page holds can be gone through. Run the " +
            "cell again to start anew.")
      : `Training: ${made}.`,
    paused: `${made}.`,
    stopped: "",
  };
  return (
    <p class="bpviz-where" aria-live={status.value === "running" && !wasCutOff ? "off" : "polite"}>
      {words[status.value]}
    </p>
  );
}

/** The curves on the plot, by their lines. */
export function CurveLegend(): VNode | null {
  const state = usePanel();
  const { pins, logarithmic } = useRun().training;
  const { lossName, constant } = state.content.value!.run;
  const list = useRef<HTMLUListElement>(null);
  const count = useRef(0);
  // The button that takes a run away goes with it; the focus stays beside it.
  useLayoutEffect(() => {
    const isFewer = pins.value.length < count.current;
    count.current = pins.value.length;
    if (isFewer && document.activeElement === document.body) {
      const controls = list.current!.querySelectorAll<HTMLElement>("button, input");
      controls[Math.max(0, controls.length - 2)]!.focus({ preventScroll: true });
    }
  }, [pins.value.length]);
  return (
    <ul ref={list} class="bpviz-curves" aria-label="Curves">
      {pins.value.length > 0 && (
        <li>
          <CurveMark index={0} /> this run
        </li>
      )}
      {pins.value.map((pin, k) => (
        <li key={k}>
          <CurveMark index={k + 1} /> {pin.name}, {counted(pin.losses.length, "epoch")}
          <Button
            icon="close"
            label={`Remove pinned run ${k + 1}`}
            onClick={() => state.tell("unpin", { index: k })}
          />
        </li>
      ))}
      <li>
        <LogarithmicAxis chosen={logarithmic} />
      </li>
      <LossWords name={lossName} constant={constant} />
    </ul>
  );
}

function NewStart({ seed }: { seed: number | null }): VNode {
  const state = usePanel();
  const [text, setText] = useState("1");
  const start = (): void => {
    const value = Number(text);
    if (!/^\d+$/.test(text.trim()) || !Number.isSafeInteger(value))
      state.error.value = `The seed is “${text}”; give a whole number, 0 or greater.`;
    else state.tell("new_start", { seed: value });
  };
  return (
    <form
      class="bpviz-new-start"
      onSubmit={(event) => {
        event.preventDefault();
        start();
      }}
    >
      <label>
        seed{" "}
        <input
          value={text}
          inputMode="numeric"
          size={5}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="bpviz-button bpviz-text-button">
        New start
      </button>
      <span class="bpviz-soft">
        {seed === null ? "now: the example’s own start" : `now: start of seed ${seed}`}
      </span>
    </form>
  );
}

function RunSettings({ settings, choices }: { settings: Settings; choices: Choice[] }): VNode {
  const state = usePanel();
  const change = (changes: Partial<Settings>): void =>
    state.tell("settings", { settings: changes });
  const on = settings.mistakes;
  // These make another program of the update, and only Python makes programs.
  const isFixed = state.offline.value !== "";
  return (
    <details class="bpviz-settings">
      <summary>Settings: {settingsWords(settings)}</summary>
      <p class="bpviz-soft">
        A change starts the run again, from the same start.
        {isFixed &&
          " Batch size, the order of the update, biases and mistakes can be changed with Python only."}
      </p>
      <div class="bpviz-fields">
        <NumberField
          label="learning rate"
          value={settings.learning_rate}
          onChange={(learning_rate) => change({ learning_rate })}
        />
        <NumberField
          label="epochs"
          whole
          value={settings.epochs}
          onChange={(epochs) => change({ epochs })}
        />
        <NumberField
          label="batch size"
          whole
          disabled={isFixed}
          value={settings.batch_size}
          onChange={(batch_size) => change({ batch_size })}
        />
        {settings.optimizers && (
          <label>
            optimiser{" "}
            <select
              value={settings.optimizer}
              disabled={isFixed}
              onChange={(event) => change({ optimizer: event.currentTarget.value })}
            >
              {settings.optimizers.map((one) => (
                <option key={one} value={one}>
                  {one}
                </option>
              ))}
            </select>
          </label>
        )}
        <Check
          checked={settings.update === "dirty"}
          disabled={isFixed}
          onChange={(dirty) => change({ update: dirty ? "dirty" : "simultaneous" })}
          label="dirty update: each layer is updated before the error passes through it"
        />
        <Check
          checked={settings.train_biases}
          disabled={isFixed}
          onChange={(train_biases) => change({ train_biases })}
          label="train the biases"
        />
        <Check
          checked={settings.shuffle}
          onChange={(shuffle) => change({ shuffle })}
          label="shuffle the samples in each epoch"
        />
        {settings.shuffle && (
          <NumberField
            label="seed of the shuffling"
            whole
            value={settings.seed}
            onChange={(seed) => change({ seed })}
          />
        )}
      </div>
      <details>
        <summary>Mistakes and conventions ({on.length} on)</summary>
        <Mistakes
          choices={choices}
          on={on}
          disabled={isFixed}
          onChange={(mistakes) => change({ mistakes })}
        />
      </details>
    </details>
  );
}

interface MistakesProps {
  choices: readonly Choice[];
  on: readonly string[];
  disabled: boolean;
  onChange(names: string[]): void;
}

/** What is known of a mistake or a convention, besides what it changes. */
export function About({ choice }: { choice: Choice }): VNode {
  return (
    <>
      {choice.right_because && (
        <p>
          <b>Why it is right as well.</b> {choice.right_because}
        </p>
      )}
      <p>
        <b>How to notice it.</b> {choice.notice}
      </p>
      <p>
        <b>Source.</b> {choice.source}
      </p>
    </>
  );
}

/** Switches for mistakes, then for conventions; one that cannot show on this network says why. */
export function Mistakes({ choices, on, disabled, onChange }: MistakesProps): VNode {
  const sorted = [true, false].flatMap((isMistake) =>
    choices.filter(({ right_because }) => isMistake === !right_because),
  );
  return (
    <ul class="bpviz-mistakes">
      {sorted.map((choice) => {
        const { name, title, change, reason, right_because } = choice;
        return (
          <li key={name}>
            <Check
              checked={on.includes(name)}
              disabled={disabled || (reason !== "" && !on.includes(name))}
              onChange={(checked) =>
                onChange(checked ? [...on, name] : on.filter((other) => other !== name))
              }
              label={right_because ? `Another convention: ${title}` : title}
            />
            <details>
              <summary>{reason ? "cannot show here" : "what it changes"}</summary>
              <p>{change}.</p>
              <About choice={choice} />
              {reason && (
                <p>
                  <b>Here:</b> {reason}.
                </p>
              )}
            </details>
          </li>
        );
      })}
    </ul>
  );
}

interface CheckProps {
  checked: boolean;
  disabled?: boolean;
  label: string;
  onChange(checked: boolean): void;
}

export function Check({ checked, disabled = false, label, onChange }: CheckProps): VNode {
  return (
    <label class="bpviz-check">
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={(event) => {
          const wanted = event.currentTarget.checked;
          event.currentTarget.checked = checked; // Python's answer decides
          onChange(wanted);
        }}
      />
      <span>{label}</span>
    </label>
  );
}

/** The switch between a linear and a logarithmic axis of losses. */
export function LogarithmicAxis({ chosen }: { chosen: Signal<boolean> }): VNode {
  return (
    <Check
      checked={chosen.value}
      onChange={(checked) => (chosen.value = checked)}
      label="Logarithmic axis"
    />
  );
}

interface NumberFieldProps {
  label: string;
  value: number;
  whole?: boolean;
  disabled?: boolean;
  onChange(value: number): void;
}

/** A number to type; what is not one is refused in place, and the old value stays. */
function NumberField({
  label,
  value,
  whole = false,
  disabled = false,
  onChange,
}: NumberFieldProps): VNode {
  const [text, setText] = useState<string | null>(null);
  const number = Number((text ?? "").trim().replace(",", "."));
  const wrong = text !== null && (!text.trim() || !(whole ? number >= 1 : number >= 0));
  const refused = wrong || (whole && text !== null && !Number.isInteger(number));
  const commit = (): void => {
    if (text === null || refused) return;
    setText(null);
    if (number !== value) onChange(number);
  };
  return (
    <label class="bpviz-field">
      {label}{" "}
      <input
        value={text ?? String(value)}
        disabled={disabled}
        size={8}
        inputMode="decimal"
        aria-invalid={refused}
        onInput={(event) => setText(event.currentTarget.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === "Enter") commit();
          if (event.key === "Escape") setText(null);
        }}
      />
      {refused && (
        <span class="bpviz-refused" role="alert">
          {whole ? "give a whole number, 1 or greater" : "give a number, 0 or greater"}; it stays{" "}
          {value}
        </span>
      )}
    </label>
  );
}

interface TextProps {
  children: ComponentChildren;
  disabled?: boolean;
  title?: string;
  onClick(): void;
}

/** A button with words on it. */
export function Text({ children, disabled = false, title, onClick }: TextProps): VNode {
  return (
    <button
      type="button"
      class="bpviz-button bpviz-text-button"
      title={title}
      aria-disabled={disabled}
      onClick={() => {
        if (!disabled) onClick();
      }}
    >
      {children}
    </button>
  );
}
