// The module of the panels that show a run, too.

import { BugLab } from "../runs/BugLab";
import { Training } from "../runs/Training";
import { uses } from "./panel";

const { panel, mount } = uses({ BugLab, Training });

export { panel as default, mount };
