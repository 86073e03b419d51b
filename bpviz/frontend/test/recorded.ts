// The state of a panel that shows what is recorded: it asks nothing, and its numbers stay.

import { NOTHING_ASKED } from "../src/state/asking";
import { RECORDED } from "../src/state/changing";
import { PanelState } from "../src/state/panel";

export const recorded = (): PanelState =>
  new PanelState(
    () => NOTHING_ASKED,
    () => RECORDED,
  );
