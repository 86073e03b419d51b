import type { VNode } from "preact";
import { KeyHelp } from "../ui/KeyHelp";

const KEYS: readonly (readonly [string, string])[] = [
  ["→ ←", "to the next update, to the one before"],
  ["Home End", "to the first update, to the last"],
  ["PageUp PageDown", "a tenth of the run on, or back, where nothing scrolls"],
  ["Space", "go through the run at the set speed; pause"],
  ["Enter", "on “Step through …”: the chosen update, step by step, in this place"],
];

export function RunHelp(): VNode {
  return (
    <KeyHelp keys={KEYS}>
      <p>
        Click on the loss curve, or drag along it: the decision surface, the predictions and all
        other views show the network after the chosen update. On the curve itself ← and → go from
        epoch to epoch.
      </p>
      <p>RMSE after the epoch is of the weights at its end, over all samples.</p>
    </KeyHelp>
  );
}
