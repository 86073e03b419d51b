// The second module: the views of runs, which travel only with the panels that have some.
// What they share with the first module, that one hands over; see shared.ts.

export { BugLab } from "./BugLab";
export { Training } from "./Training";
