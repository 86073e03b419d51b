// Title, choice of the sample, choice of the depth.

import type { VNode } from "preact";
import type { Depth } from "../protocol/program";
import { DEPTHS } from "../protocol/program";
import { localised } from "../program/numbers";
import { Choice } from "../ui/Choice";
import { useDerived, usePanel } from "../ui/context";
import { FrameChooser } from "../ui/FrameChooser";
import { HelpButton, SettingsButton } from "../ui/HeadButtons";
import { titleOf } from "../ui/names";
import { History } from "./Editor";

const DEPTH_NAMES: Readonly<Record<Depth, { name: string; title: string }>> = {
  layer: { name: "Layer", title: "A step is a whole layer (1)" },
  unit: { name: "Unit", title: "A step is one unit (2)" },
  term: { name: "Term", title: "A step is one product of a sum (3)" },
};

/** The head of the step view; `title` is for one that is part of a larger panel. */
export function Header({ title }: { title: string | undefined }): VNode | null {
  const state = usePanel();
  const program = state.program.value;
  if (!program) return null;
  return (
    <div class="bpviz-header">
      {title === undefined ? (
        <h2 class="bpviz-title">{titleOf(program)}</h2>
      ) : (
        <h3 class="bpviz-title">{title}</h3>
      )}
      {state.view.value === "step" && <FrameChooser onChoose={(frame) => state.setFrame(frame)} />}
      {program.samples > 1 && <SampleChooser samples={program.samples} />}
      <History />
      <DepthChooser />
      <SettingsButton title="Settings: views and conventions" />
      <HelpButton />
    </div>
  );
}

function SampleChooser({ samples }: { samples: number }): VNode {
  const state = usePanel();
  const names = useDerived(() => state.content.value!.names, [state]);
  return (
    <label class="bpviz-chooser">
      <span class="bpviz-hidden">Sample of the batch</span>
      <select
        value={String(state.sample.value)}
        onChange={(event) => state.setSample(Number(event.currentTarget.value))}
      >
        {Array.from({ length: samples }, (_, k) => (
          <option key={k} value={String(k)}>
            {names.length === samples
              ? localised(names[k]!, state.numbers.value)
              : `sample ${k + 1} of ${samples} in the batch`}
          </option>
        ))}
      </select>
    </label>
  );
}

function DepthChooser(): VNode {
  const state = usePanel();
  return (
    <Choice
      legend="A step is one"
      value={state.depth.value}
      onChange={(depth) => state.setDepth(depth)}
      options={DEPTHS.map((value) => {
        const { name, title } = DEPTH_NAMES[value];
        return { value, text: name, title };
      })}
    />
  );
}
