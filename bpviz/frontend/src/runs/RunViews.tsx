// What a run is like at the cursor: the decision surface, and views of which one is open.

import type { VNode } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { usePanel } from "../ui/context";
import { Tabs } from "../ui/Tabs";
import { useRun } from "./context";
import { CurveRows, curveTableName } from "./CurveLegend";
import { Landscape } from "./Landscape";
import { Predictions } from "./Predictions";
import type { Samples, Tab } from "./state/scrub";
import { TABS } from "./state/scrub";
import { Surface } from "./Surface";
import { Trajectories } from "./Trajectories";
import { AFTER, lossWords, whenWords } from "./words";

export function SurfaceView(): VNode {
  return (
    <section class="bpviz-view bpviz-view-surface" aria-label="Decision surface">
      <div class="bpviz-view-head">
        <h3>Decision surface</h3>
        <OutputChooser />
      </div>
      <Content view="surface" />
    </section>
  );
}

/** The name of a tab among the views that a panel may show. */
function viewOf(tab: Tab): string {
  return tab === "losses" ? "table" : tab;
}

export function RunTabs(): VNode | null {
  const { content } = usePanel();
  const run = useRun();
  const { scrub, training } = run;
  const tabs = TABS.filter((one) => run.shows(viewOf(one)));
  const tab = tabs.includes(scrub.tab.value) ? scrub.tab.value : tabs[0];
  useLayoutEffect(() => {
    if (tab) scrub.tab.value = tab;
  }, [tab]);
  if (!tab) return null;
  const { lossName, losses } = content.value!.run;
  const curves = [{ name: "this run", losses }, ...training.pins.value];
  const titles: Readonly<Record<Tab, string>> = {
    predictions: "Predictions",
    weights: "Weights",
    landscape: "Landscape",
    losses: curveTableName(curves),
  };
  return (
    <section class="bpviz-run-tabs" aria-label="The run at the cursor">
      <div class="bpviz-tab-row">
        <Tabs {...{ tabs, titles }} open={tab} onOpen={(to) => (scrub.tab.value = to)} />
        <Moment />
      </div>
      <section class={`bpviz-view bpviz-view-${tab}`} aria-label={titles[tab]} tabIndex={0}>
        {tab === "losses" ? <CurveRows curves={curves} name={lossName} /> : <Content view={tab} />}
      </section>
    </section>
  );
}

/** The loss of the network that the views show. */
function Moment(): VNode | null {
  const { numbers } = usePanel();
  const { moment, samples, refusals } = useRun().scrub;
  const now = moment.value;
  if (!now || refusals.value.views) return null;
  const isStart = now.epoch + now.update === 0;
  const when = isStart ? "start" : whenWords(now, numbers.value);
  return (
    <p class="bpviz-moment">
      {`${when[0]!.toUpperCase()}${when.slice(1)}: `}
      <b>
        {lossWords(isStart || now.update ? "RMSE" : AFTER, now.loss ?? NaN, numbers.value)}
      </b>{" "}
      over {reach(samples.value)}
    </p>
  );
}

function reach(samples: Samples | null): string {
  const shown = samples ? samples.inputs.length / samples.features : 0;
  return !samples || shown === samples.total ? "all samples" : `${shown} of the samples`;
}

/** What each view shows beside the moment. */
const SOURCES = {
  surface: "samples",
  predictions: "samples",
  weights: "trajectories",
  landscape: "landscape",
} as const;

function Content({ view }: { view: keyof typeof SOURCES }): VNode {
  const { scrub, training } = useRun();
  const { refusals, samples, moment, trajectories, landscape } = scrub;
  const [all, now, ways, slice] = [
    samples.value,
    moment.value,
    trajectories.value,
    landscape.value,
  ];
  const why = refusals.value.views || refusals.value[SOURCES[view]];
  // Why that is so stands beside the buttons.
  if (training.ended.value) return <p class="bpviz-note">This view needs Python.</p>;
  if (why) return <p class="bpviz-note">{why}</p>;
  if (!scrub[SOURCES[view]].value || !now) return <p class="bpviz-note">On its way.</p>;
  if (view === "surface") return <Surface samples={all!} moment={now} />;
  if (view === "predictions") return <Predictions samples={all!} moment={now} />;
  if (view === "landscape") return <Landscape slice={slice!} moment={now} />;
  return (
    <Trajectories ways={ways!} moment={now}>
      <RegisterChooser />
    </Trajectories>
  );
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
