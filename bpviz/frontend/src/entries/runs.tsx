// The module of the panels that show a run, and its updates; they ask nothing.

import { PanelState } from "../state/panel";
import { uses } from "./panel";
import { AnyView, running } from "./running";

const { panel, mount } = uses(() => running(new PanelState(), <AnyView />));

export { panel as default, mount };
