// The plotting library, as a module of its own.

import uPlot from "uplot";

export default uPlot;
