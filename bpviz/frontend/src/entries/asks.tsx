// The module of the panels that show updates alone and ask questions.

import { asking } from "./asking";
import { uses } from "./panel";
import { Update } from "./update";

const { panel, mount } = uses(() => asking(<Update />));

export { panel as default, mount };
