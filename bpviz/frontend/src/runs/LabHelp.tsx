import type { VNode } from "preact";
import { KeyHelp } from "../ui/KeyHelp";

const KEYS: readonly (readonly [string, string])[] = [
  ["Tab", "from switch to switch; what each does stands below the list"],
  ["Space", "switch a mistake on or off"],
  ["← →", "in the row of ✓ and ≠: from register to register; on the curve: from epoch to epoch"],
];

export function LabHelp(): VNode {
  return (
    <KeyHelp keys={KEYS}>
      <p>
        The row of ✓ and ≠ is the update in its order of computing. The first ≠ is where it goes
        wrong; all later ones may follow from it.
      </p>
    </KeyHelp>
  );
}
