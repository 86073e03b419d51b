// Which view goes where. Wide: diagram over matrices, step over code. In between: two columns
// below the diagram. Narrow, or on a projector: formula, matrices and code are tabs of the step.

import type { ComponentChildren, VNode } from "preact";
import { useEffect } from "preact/hooks";
import { VIEWS } from "../protocol/style";
import { Choice } from "../ui/Choice";
import { Code } from "./Code";
import { Diagram } from "./Diagram";
import { Matrices } from "./Matrices";
import { VIEW_NAMES } from "./Settings";
import { Origin } from "./Origin";
import { StepCard } from "./StepCard";
import { Transport } from "./Transport";
import { usePanel } from "../ui/context";
import { useFocusBack } from "../ui/focus";

const WIDE = 1180;
const MIDDLE = 760;
const GAP = 24;
/** From this width on there is room for the step beside the diagram on a projector. */
const BESIDE = 980;

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
        <div class="bpviz-body bpviz-beside" style={columns}>
          <div class="bpviz-column">
            {diagram && <Diagram width={width - side - GAP} />}
            {matrices && <Matrices />}
          </div>
          <Cover class="bpviz-column">
            <StepCard formula={formula!} />
            {code && <Code />}
          </Cover>
        </div>
        <Transport />
      </>
    );
  }
  return (
    <>
      {diagram && <Diagram width={width} />}
      <Transport />
      <Cover class={code ? "bpviz-body bpviz-halves" : "bpviz-body"}>
        <StepCard formula={formula!} />
        {code && <Code />}
      </Cover>
      {matrices && <Matrices />}
    </>
  );
}

/** Views that make room for the origin of a number while somebody asks for it. */
function Cover(props: { class?: string; children: ComponentChildren }): VNode {
  const asked = usePanel().attention.asking.value;
  useFocusBack(asked);
  return (
    <div class={asked ? "bpviz-cover bpviz-covered" : "bpviz-cover"}>
      <div class={props.class}>{props.children}</div>
      {asked && <Origin />}
    </div>
  );
}

function Narrow({ width }: { width: number }): VNode {
  const state = usePanel();
  const tabs = VIEWS.filter((view) => view !== "diagram" && state.isShown(view));
  const tab = tabs.includes(state.tab.value) ? state.tab.value : tabs[0];
  const diagram = state.isShown("diagram");
  const card = (
    <Cover>
      <StepCard
        formula={tab === "formula"}
        code={tab === "formula" && state.isShown("code")}
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
    </Cover>
  );
  if (width >= BESIDE && diagram) {
    const side = 380;
    return (
      <>
        <div
          class="bpviz-body bpviz-beside"
          style={{ gridTemplateColumns: `minmax(0, 1fr) ${side}px` }}
        >
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
