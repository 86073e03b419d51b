// The module of the panels that show a run, too.

import { standIn } from "../runs/state/alone";
import { BugLab } from "../runs/BugLab";
import { Training } from "../runs/Training";
import { uses } from "./panel";

const { panel, mount } = uses({ BugLab, Training, standIn });

export { panel as default, mount };
