// Panels that show updates alone, for the modules that hold no others.

import type { VNode } from "preact";
import { StepView } from "../step/StepView";
import { usePanel } from "../ui/context";

export function Update(): VNode {
  const view = usePanel().view.value!;
  if (view !== "step") throw new Error(`this page has no script for a ${view} panel`);
  return <StepView />;
}
