// What a run is like at the cursor: four views, each of which can be opened and closed.

import type { VNode } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { countText } from "../program/numbers";
import { usePanel } from "../ui/context";
import { useWidth } from "../ui/useWidth";
import { useRun } from "./context";
import { Landscape } from "./Landscape";
import { Predictions } from "./Predictions";
import type { RunView, Samples } from "./state/scrub";
import { VIEWS } from "./state/scrub";
import { Surface } from "./Surface";
import { Trajectories } from "./Trajectories";
import { AFTER, lossWords } from "./words";

const TITLES: Readonly<Record<RunView, string>> = {
  surface: "Decision surface",
  predictions: "Predictions",
  weights: "Weights and biases",
  landscape: "Loss landscape",
};

export function RunViews(): VNode | null {
  return useRun().training.settings.value && <OpenViews />;
}

function OpenViews(): VNode {
  const state = usePanel();
  const { scrub } = useRun();
  const [box, width] = useWidth<HTMLElement>();
  useLayoutEffect(() => {
    if (width) scrub.fitting.value = VIEWS.slice(0, width >= 1000 ? 4 : width >= 560 ? 2 : 1);
  }, [width]);
  const open = scrub.open.value;
  const moment = scrub.moment.value;
  const loss = moment?.loss ?? NaN;
  const numbers = state.numbers.value;
  return (
    <section ref={box} class="bpviz-run-views" aria-label="The run at the cursor">
      <div class="bpviz-run-views-head">
        <div class="bpviz-toggles" role="group" aria-label="Views of the run">
          {VIEWS.map((view) => (
            <button
              key={view}
              type="button"
              class="bpviz-button bpviz-text-button"
              aria-pressed={open.includes(view)}
              onClick={() => scrub.toggle(view)}
            >
              {TITLES[view]}
            </button>
          ))}
        </div>
        {open.length > 0 && moment && !moment.why && (
          <p class="bpviz-moment">
            {moment.epoch ? `Epoch ${countText(moment.epoch, numbers)}: ` : "Start: "}
            <b>{lossWords(moment.epoch ? AFTER : "RMSE", loss, numbers)}</b>, of the weights{" "}
            {moment.epoch ? "at its end" : "as they are"} over {reach(scrub.samples.value)}
          </p>
        )}
      </div>
      {state.offline.value && open.length > 0 && <p class="bpviz-soft">{state.offline.value}</p>}
      {open.length > 0 && (
        <div class="bpviz-view-row">
          {VIEWS.filter((view) => open.includes(view)).map((view) => (
            <section key={view} class={`bpviz-view bpviz-view-${view}`} aria-label={TITLES[view]}>
              <header>
                <h3>{TITLES[view]}</h3>
                {view === "surface" && <OutputChooser />}
                {view === "weights" && <RegisterChooser />}
              </header>
              <Content view={view} />
            </section>
          ))}
        </div>
      )}
    </section>
  );
}

function reach(samples: Samples | null): string {
  const shown = samples ? samples.inputs.length / samples.features : 0;
  return !samples || shown === samples.total ? "all samples" : `${shown} of the samples`;
}

function Content({ view }: { view: RunView }): VNode {
  const { samples, moment, trajectories, landscape } = useRun().scrub;
  const [all, now, ways, slice] = [
    samples.value,
    moment.value,
    trajectories.value,
    landscape.value,
  ];
  const source = { surface: all, predictions: all, weights: ways, landscape: slice }[view];
  if (!source || !now) return <p class="bpviz-note">On its way.</p>;
  const why = now.why || source.why;
  if (why) return <p class="bpviz-note">{why}</p>;
  if (view === "surface") return <Surface samples={all!} moment={now} />;
  if (view === "predictions") return <Predictions samples={all!} moment={now} />;
  if (view === "weights") return <Trajectories ways={ways!} moment={now} />;
  return <Landscape slice={slice!} moment={now} />;
}

function OutputChooser(): VNode | null {
  const { scrub } = useRun();
  const outputs = scrub.samples.value?.outputs ?? 1;
  if (outputs < 2 || scrub.samples.value?.no_surface) return null;
  return (
    <Chooser
      label="Output"
      value={String(scrub.output.value)}
      choices={Array.from({ length: outputs }, (_, k) => [String(k), `output ${k + 1}`])}
      onChoose={(value) => (scrub.output.value = Number(value))}
    />
  );
}

function RegisterChooser(): VNode | null {
  const { scrub } = useRun();
  const registers = scrub.trajectories.value?.registers ?? [];
  if (!registers.length) return null;
  const name = (register: string): string =>
    `${symbolText(register)} (${register[0] === "W" ? "weights" : "biases"})`;
  return (
    <Chooser
      label="Weights and biases shown"
      value={scrub.register.value}
      choices={[["", "all"], ...registers.map((one): [string, string] => [one, name(one)])]}
      onChoose={(value) => (scrub.register.value = value)}
    />
  );
}

/** W1 as W₁. */
function symbolText(register: string): string {
  return register.replace(/\d/g, (digit) => String.fromCharCode(0x2080 + Number(digit)));
}

interface ChooserProps {
  label: string;
  value: string;
  choices: readonly (readonly [string, string])[];
  onChoose(value: string): void;
}

function Chooser({ label, value, choices, onChoose }: ChooserProps): VNode {
  return (
    <label class="bpviz-chooser">
      <span class="bpviz-hidden">{label}</span>
      <select value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
        {choices.map(([key, text]) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
