// Which view goes where. Wide: diagram over matrices, step over code. In between: two columns
// below the diagram. Narrow, or on a projector: formula, matrices and code are tabs of the step.

import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { VIEWS } from "../style";
import { Choice } from "./Choice";
import { Code } from "./Code";
import { Diagram } from "./Diagram";
import { Matrices } from "./Matrices";
import { VIEW_NAMES } from "./Settings";
import { StepCard } from "./StepCard";
import { Transport } from "./Transport";
import { usePanel } from "./context";

const WIDE = 1180;
const MIDDLE = 760;
const GAP = 24;
/** From this width on there is room for the step beside the diagram on a projector. */
const BESIDE = 900;

export function Views({ width }: { width: number }): VNode {
  const state = usePanel();
  const [diagram, formula, matrices, code] = VIEWS.map((view) => state.isShown(view));
  const isNarrow = width < MIDDLE || state.appearance.value.projector;
  useEffect(() => {
    state.tabbed.value = isNarrow;
  }, [isNarrow]);
  if (isNarrow) return <Narrow width={width} />;
  if (width >= WIDE && (diagram || matrices)) {
    const side = Math.min(500, Math.max(400, width * 0.34));
    const columns = { gridTemplateColumns: `minmax(0, 1fr) ${side}px` };
    return (
      <>
        <div class="bpviz-body" style={columns}>
          <div class="bpviz-column">
            {diagram && <Diagram width={width - side - GAP} />}
            {matrices && <Matrices />}
          </div>
          <div class="bpviz-column">
            <StepCard formula={formula!} />
            {code && <Code />}
          </div>
        </div>
        <Transport />
      </>
    );
  }
  return (
    <>
      {diagram && <Diagram width={width} />}
      <Transport />
      <div class={code ? "bpviz-body bpviz-halves" : "bpviz-body"}>
        <StepCard formula={formula!} />
        {code && <Code />}
      </div>
      {matrices && <Matrices />}
    </>
  );
}

function Narrow({ width }: { width: number }): VNode {
  const state = usePanel();
  const tabs = VIEWS.filter((view) => view !== "diagram" && state.isShown(view));
  const tab = tabs.includes(state.tab.value) ? state.tab.value : tabs[0];
  const diagram = state.isShown("diagram");
  const card = (
    <StepCard
      formula={tab === "formula"}
      tabs={
        tabs.length > 1 && (
          <Choice
            legend="View"
            value={tab ?? "formula"}
            onChange={(view) => (state.tab.value = view)}
            options={tabs.map((value) => ({ value, text: VIEW_NAMES[value] }))}
          />
        )
      }
    >
      {tab === "matrices" && <Matrices />}
      {tab === "code" && <Code />}
    </StepCard>
  );
  if (width >= BESIDE && diagram) {
    const side = 380;
    return (
      <>
        <div class="bpviz-body" style={{ gridTemplateColumns: `minmax(0, 1fr) ${side}px` }}>
          <Diagram width={width - side - GAP} />
          {card}
        </div>
        <Transport />
      </>
    );
  }
  return (
    <>
      {diagram && <Diagram width={width} />}
      <Transport />
      {card}
    </>
  );
}
