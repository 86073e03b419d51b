// The module of the panels that show a run, and its updates; they ask nothing,
// and their numbers stay.

import { NOTHING_ASKED } from "../state/asking";
import { RECORDED } from "../state/changing";
import { PanelState } from "../state/panel";
import { uses } from "./panel";
import { AnyView, running } from "./running";

const { panel, mount } = uses(() => {
  const state = new PanelState(
    () => NOTHING_ASKED,
    () => RECORDED,
  );
  return running(state, <AnyView />);
});

export { panel as default, mount };
