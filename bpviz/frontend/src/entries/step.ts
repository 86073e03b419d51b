// The module of the panels that show updates alone.

import { uses } from "./panel";

const { panel, mount } = uses(null);

export { panel as default, mount };
