// First, back, play, forward, last, and a slider over all steps with the phases under it.

import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { countText } from "../program/numbers";
import type { Steps } from "../program/steps";
import { results, sentence } from "../program/words";
import { PACES } from "../state/panel";
import { Button } from "../ui/Button";
import { usePanel } from "../ui/context";
import { PHASE_NAMES } from "../ui/phases";

export function Transport(): VNode | null {
  const state = usePanel();
  const steps = state.steps.value;
  // No step changes these.
  const bands = useMemo(() => steps && <Bands steps={steps} />, [steps]);
  const pace = useMemo(() => <Pace />, []);
  if (!steps) return null;
  const number = state.step.value?.number ?? 0;
  const count = (of: number): string => countText(of, state.numbers.value);
  const playing = state.playing.value;
  return (
    <div class="bpviz-transport">
      <div class="bpviz-buttons" role="group" aria-label="Steps">
        <Button
          icon="first"
          label="First (Home)"
          disabled={number === 0}
          onClick={() => state.jumpTo(0)}
        />
        <Button
          icon="back"
          label="Back (←)"
          disabled={number === 0}
          onClick={() => state.stepBy(-1)}
        />
        <Button
          icon={playing ? "pause" : "play"}
          label={playing ? "Pause (Space)" : "Play (Space)"}
          main
          onClick={() => state.togglePlay()}
        />
        <Button
          icon="forward"
          label="Forward (→)"
          disabled={number === steps.count}
          onClick={() => state.stepBy(1)}
        />
        <Button
          icon="last"
          label="Last (End)"
          disabled={number === steps.count}
          onClick={() => state.jumpTo(steps.count)}
        />
      </div>
      <div class="bpviz-timeline">
        <Slider steps={steps} />
        {bands}
      </div>
      <span class="bpviz-count" style={{ minWidth: `${9 + 2 * String(steps.count).length}ch` }}>
        <span>Step </span>
        {count(number)} of {count(steps.count)}
      </span>
      {pace}
    </div>
  );
}

/** All steps; to those who do not see the panel it tells what the present one does. */
function Slider({ steps }: { steps: Steps }): VNode {
  const state = usePanel();
  const step = state.step.value;
  const frame = state.values.value;
  const number = step?.number ?? 0;
  const count = (of: number): string => countText(of, state.numbers.value);
  const style = state.numbers.value;
  const told =
    step && frame
      ? `${sentence(step, frame, style)} ${results(step, frame, style)}`.trim()
      : "nothing computed yet";
  const words = state.asking.words.value || told;
  return (
    <input
      type="range"
      class="bpviz-slider"
      min={0}
      max={steps.count}
      step={1}
      value={number}
      aria-label="Step"
      aria-valuetext={`step ${count(number)} of ${count(steps.count)}: ${words}`}
      onInput={(event) => {
        state.jumpTo(Number(event.currentTarget.value));
        // It may have been stopped before.
        event.currentTarget.value = String(state.cursor.value);
      }}
    />
  );
}

/** The phases under the slider, as wide as they have steps. */
function Bands({ steps }: { steps: Steps }): VNode {
  const state = usePanel();
  return (
    <div class="bpviz-bands" aria-hidden="true">
      {steps.bands.map(({ phase, first, last }) => (
        <div
          key={first}
          class={`bpviz-band bpviz-phase-${phase}`}
          style={{
            left: `${((first - 1) / steps.count) * 100}%`,
            width: `${((last - first + 1) / steps.count) * 100}%`,
          }}
          onClick={() => state.jumpTo(first)}
          title={`${PHASE_NAMES[phase].name}: steps ${first} to ${last}`}
        >
          <span>{PHASE_NAMES[phase].mark}</span>
          <span>{PHASE_NAMES[phase].short}</span>
        </div>
      ))}
    </div>
  );
}

function Pace(): VNode {
  const state = usePanel();
  return (
    <label class="bpviz-pace">
      <span class="bpviz-hidden">Speed</span>
      <select
        value={String(state.pace.value)}
        title="Speed of playing"
        onChange={(event) => (state.pace.value = Number(event.currentTarget.value))}
      >
        {PACES.map((pace) => (
          <option key={pace} value={String(pace)}>
            {PACES[0] / pace}×
          </option>
        ))}
      </select>
    </label>
  );
}
