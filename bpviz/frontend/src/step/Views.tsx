// Which view goes where. The diagram lies on top. Below it stands the step, and beside the step,
// where there is room, matrices and code: each in a place of its own, or one at a time. Narrow, or
// on a projector, all three are tabs of the step.

import type { ComponentChildren, VNode } from "preact";
import { useEffect } from "preact/hooks";
import type { View } from "../protocol/style";
import { VIEWS } from "../protocol/style";
import { usePanel } from "../ui/context";
import { useFocusBackToNumber } from "../ui/focus";
import { Tabs } from "../ui/Tabs";
import { Code } from "./Code";
import { Diagram } from "./Diagram";
import { Matrices } from "./Matrices";
import { Origin } from "./Origin";
import { VIEW_NAMES } from "./Settings";
import { StepCard } from "./StepCard";

/** From this width on matrices and code both have a place beside the step. */
const WIDE = 1180;
/** From this width on one of them has. */
const MIDDLE = 760;
const GAP = 24;
/** From this width on there is room for the step beside the diagram on a projector. */
const BESIDE = 880;

const BELOW: readonly View[] = VIEWS.filter((view) => view !== "diagram");
const SIDE: readonly View[] = BELOW.filter((view) => view !== "formula");
const NONE: readonly View[] = [];

export function Views({ width }: { width: number }): VNode {
  const state = usePanel();
  const isNarrow = width < MIDDLE || state.appearance.value.projector;
  const tabs = isNarrow ? BELOW : width < WIDE ? SIDE : NONE;
  useEffect(() => {
    state.views.tabs.value = tabs;
  }, [tabs]);
  if (isNarrow) return <Narrow width={width} />;
  const side = SIDE.filter((view) => state.views.isShown(view));
  const tab = state.views.tabOf(side);
  const open = tabs.length ? side.filter((view) => view === tab) : side;
  const isTabbed = tabs.length > 0 && side.length > 1;
  return (
    <>
      {state.views.isShown("diagram") && <Diagram width={width} />}
      <Cover>
        <StepCard
          formula={state.views.isShown("formula")}
          tabs={isTabbed && <ViewTabs tabs={side} open={tab!} />}
          side={open.map((view) => (
            <Side key={view} view={view} untitled={isTabbed} />
          ))}
        />
      </Cover>
    </>
  );
}

/** Matrices or code beside the step. */
function Side({ view, untitled }: { view: View; untitled: boolean }): VNode {
  return view === "matrices" ? <Matrices untitled={untitled} /> : <Code untitled={untitled} />;
}

function ViewTabs({ tabs, open }: { tabs: readonly View[]; open: View }): VNode {
  const { views } = usePanel();
  const onOpen = (view: View): void => void (views.tab.value = view);
  return <Tabs {...{ tabs, open, onOpen }} titles={VIEW_NAMES} />;
}

/** Views that make room for the origin of a number while somebody asks for it. */
function Cover({ children }: { children: ComponentChildren }): VNode {
  const { attention } = usePanel();
  const asked = attention.asking.value;
  useFocusBackToNumber(asked, attention);
  return (
    <div class={asked ? "bpviz-cover bpviz-covered" : "bpviz-cover"}>
      <div>{children}</div>
      {asked && <Origin />}
    </div>
  );
}

function Narrow({ width }: { width: number }): VNode {
  const state = usePanel();
  const tabs = BELOW.filter((view) => state.views.isShown(view));
  const tab = state.views.tabOf(tabs);
  const diagram = state.views.isShown("diagram");
  const card = (
    <Cover>
      <StepCard
        formula={tab === "formula"}
        code={tab === "formula" && state.views.isShown("code")}
        tabs={tabs.length > 1 && <ViewTabs tabs={tabs} open={tab!} />}
      >
        {tab === "matrices" && <Matrices untitled />}
        {tab === "code" && <Code untitled />}
      </StepCard>
    </Cover>
  );
  const isBeside = width >= BESIDE && diagram;
  const side = 340;
  return (
    <>
      {isBeside ? (
        <div
          class="bpviz-body bpviz-beside"
          style={{ gridTemplateColumns: `minmax(0, 1fr) ${side}px` }}
        >
          <Diagram width={width - side - GAP} />
          {card}
        </div>
      ) : (
        <>
          {diagram && <Diagram width={width} />}
          {card}
        </>
      )}
    </>
  );
}
