// The module of the panels that show updates alone and ask nothing, as most do.

import { NOTHING_ASKED } from "../state/asking";
import { editing } from "../state/editing";
import { PanelState } from "../state/panel";
import { uses } from "./panel";
import { Update } from "./update";

const { panel, mount } = uses(() => ({
  state: new PanelState(() => NOTHING_ASKED, editing),
  content: <Update />,
}));

export { panel as default, mount };
