// The module of the panels that show updates alone.

import type { VNode } from "preact";
import { usePanel } from "../ui/context";
import { StepView } from "../step/StepView";
import { asking } from "./asking";
import { uses } from "./panel";

function Update(): VNode {
  const view = usePanel().view.value!;
  if (view !== "step") throw new Error(`this page has no script for a ${view} panel`);
  return <StepView />;
}

const { panel, mount } = uses(() => asking(<Update />));

export { panel as default, mount };
