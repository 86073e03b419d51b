// Changes of numbers in panels of which only some show updates alone.

import { computed } from "@preact/signals";
import { RECORDED } from "../state/changing";
import type { Editing } from "../state/editing";
import { editing } from "../state/editing";
import type { PanelState } from "../state/panel";

export function editingUpdates(panel: PanelState): Editing {
  const frozen = computed(() => (panel.view.value === "step" ? "" : RECORDED.frozen.value));
  return editing(panel, frozen);
}
