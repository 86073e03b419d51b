// The settings of a run, in a box that opens over the panel.

import type { VNode } from "preact";
import type { Settings } from "../protocol/messages";
import { Button } from "../ui/Button";
import { usePanel } from "../ui/context";
import { useFocusBack } from "../ui/focus";
import { useRun } from "./context";
import { Check, NumberField, Select } from "./Inputs";
import { departuresOf } from "./state/lab";
import { batchSizes, programsOf } from "./state/programs";
import type { Choice } from "./state/training";
import { settingsWords } from "./words";

export function RunSettings(): VNode | null {
  const state = usePanel();
  const { training } = useRun();
  const settings = training.settings.value;
  useFocusBack(state.settings.value);
  if (!state.settings.value || !settings) return null;
  const change = (changes: Partial<Settings>): void =>
    state.tell("settings", { settings: changes });
  const on = settings.mistakes;
  const all = departuresOf(training.choices.value, settings).filter((one) => one.on).length;
  const content = state.content.value!;
  const isAlone = state.offline.value !== "";
  const isFixed = training.fixed.value !== "";
  // Some of these make another program of the update, which the page may not have.
  const lacks = (changes: Partial<Settings>): boolean =>
    isFixed || (isAlone && !programsOf(content, training, { ...settings, ...changes }));
  const sizes = isAlone ? batchSizes(content, training) : [];
  const needs = !isAlone
    ? ""
    : isFixed
      ? " All of these need Python."
      : training.forms.value
        ? " What is greyed out needs Python."
        : " Batch size, optimiser, the order of the update, biases and mistakes need Python.";
  return (
    <section class="bpviz-popover bpviz-run-settings" aria-label="Settings">
      <h3>Settings of the run</h3>
      <p>{settingsWords(settings)}</p>
      <p class="bpviz-soft">
        A change starts the run again, from the same start.
        {needs}
      </p>
      <div class="bpviz-fields">
        <NumberField
          label="epochs"
          whole
          disabled={isFixed}
          value={settings.epochs}
          onChange={(epochs) => change({ epochs })}
        />
        {sizes.length > 1 ? (
          <Select
            label="batch size"
            value={String(settings.batch_size)}
            options={sizes.map(String)}
            onChange={(size) => change({ batch_size: Number(size) })}
          />
        ) : (
          <NumberField
            label="batch size"
            whole
            disabled={isAlone}
            value={settings.batch_size}
            onChange={(batch_size) => change({ batch_size })}
          />
        )}
        {settings.optimizers && (
          <Select
            label="optimiser"
            value={settings.optimizer ?? ""}
            options={settings.optimizers}
            lacks={(optimizer) => lacks({ optimizer })}
            onChange={(optimizer) => change({ optimizer })}
          />
        )}
        <Check
          checked={settings.update === "dirty"}
          disabled={lacks({ update: settings.update === "dirty" ? "simultaneous" : "dirty" })}
          onChange={(dirty) => change({ update: dirty ? "dirty" : "simultaneous" })}
          label="dirty update: each layer is updated before the error passes through it"
        />
        <Check
          checked={settings.train_biases}
          disabled={lacks({ train_biases: !settings.train_biases })}
          onChange={(train_biases) => change({ train_biases })}
          label="train the biases"
        />
        <Check
          checked={settings.shuffle}
          disabled={isFixed}
          onChange={(shuffle) => change({ shuffle })}
          label="shuffle the samples in each epoch"
        />
        {settings.shuffle && (
          <NumberField
            label="seed of the shuffling"
            whole
            disabled={isFixed}
            value={settings.seed}
            onChange={(seed) => change({ seed })}
          />
        )}
      </div>
      <details
        open={training.showsMistakes.value}
        onToggle={(event) => (training.showsMistakes.value = event.currentTarget.open)}
      >
        <summary>
          Mistakes and conventions ({all} on
          {all > on.length && `, ${all - on.length} of them above`})
        </summary>
        <Mistakes
          choices={training.choices.value}
          on={on}
          lacks={(mistakes) => lacks({ mistakes })}
          onChange={(mistakes) => change({ mistakes })}
        />
      </details>
      <Button icon="close" label="Close settings" onClick={() => (state.settings.value = false)} />
    </section>
  );
}

interface MistakesProps {
  choices: readonly Choice[];
  on: readonly string[];
  /** Whether only Python can have these on. */
  lacks(names: string[]): boolean;
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
function Mistakes({ choices, on, lacks, onChange }: MistakesProps): VNode {
  const sorted = [true, false].flatMap((isMistake) =>
    choices.filter(({ right_because }) => isMistake === !right_because),
  );
  return (
    <ul class="bpviz-mistakes">
      {sorted.map((choice) => {
        const { name, title, change, reason, right_because, excludes } = choice;
        const isOn = on.includes(name);
        const turned = isOn ? on.filter((other) => other !== name) : [...on, name];
        const rival = choices.find(
          (other) =>
            on.includes(other.name) &&
            (excludes.includes(other.name) || other.excludes.includes(name)),
        );
        const isBlocked = !isOn && (reason !== "" || rival !== undefined);
        return (
          <li key={name}>
            <Check
              checked={isOn}
              disabled={isBlocked || lacks(turned)}
              onChange={() => onChange(turned)}
              label={right_because ? `Another convention: ${title}` : title}
            />
            <details>
              <summary>{reason ? "cannot show here" : "what it changes"}</summary>
              <p>{change}.</p>
              <About choice={choice} />
              {(reason || (rival && !isOn)) && (
                <p>
                  <b>Here:</b> {reason || `It contradicts “${rival!.title}”, which is on`}.
                </p>
              )}
            </details>
          </li>
        );
      })}
    </ul>
  );
}
