// A link to a place in a panel: `#step=12`, `#epoch=300&update=2&step=12&depth=term`, and on a page
// of several panels `#panel=2&step=12`.

import { DEPTHS } from "../protocol/program";
import type { Values } from "../state/wire";

/** Return the values of a panel as a link wants them; what it does not say well stays. */
export function placed(values: Values, hash: string, panel: number): Values {
  const wanted = new URLSearchParams(hash.replace(/^#/, ""));
  const count = (name: string): number | null => {
    const text = wanted.get(name) ?? "";
    return /^\d{1,15}$/.test(text) ? Number(text) : null;
  };
  if ((count("panel") ?? 1) !== panel) return values;
  const [step, epoch, update] = [count("step"), count("epoch"), count("update")];
  const depth = DEPTHS.find((one) => one === wanted.get("depth"));
  const perEpoch = Number(values["_updates_per_epoch"] ?? 0) || 1;
  const frame = (Math.max(1, epoch ?? 1) - 1) * perEpoch + Math.max(1, update ?? 1) - 1;
  return {
    ...values,
    ...(depth && { depth }),
    ...(step !== null && { cursor: step, stepping: true }),
    ...((epoch ?? update) !== null && { frame }),
  };
}
