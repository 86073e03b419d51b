// Why a panel has lost its Python, as far as the front end around it knows.

import type { Model } from "./model";

/** Why Python does not take part; the panel needs it no more than a page does. */
export const NO_KERNEL =
  "There is no kernel; the panel goes on by itself. Run the cell again to connect it with Python.";
export const RESTARTED =
  "This panel belongs to a kernel that was restarted; it goes on by itself. Run its cell again to " +
  "connect it with Python.";
export const LOST =
  "The kernel of this panel was restarted, or it is gone; the panel goes on by itself. Run the " +
  "cell again to connect it with Python.";

/** What is said where nothing is known, but that no answer comes. */
export const NOBODY = "No Python answers this panel; it goes on by itself.";

/** JupyterLab and Notebook know the kernel of the notebook; others tell nothing of it. */
interface Manager {
  readonly kernel?: { readonly status?: string } | null;
}

/** Whether the notebook has a kernel; undefined where the front end does not tell. */
export function hasKernel({ widget_manager }: Model): boolean | undefined {
  const kernel = (widget_manager as Manager | undefined)?.kernel;
  if (kernel === undefined) return undefined;
  // One that comes again after it died has an unknown status until it is connected.
  return kernel !== null && !/^(dead|terminating)$/.test(kernel.status ?? "");
}

/** Whether the kernel may not have had the time to answer; false where the front end is silent. */
export function mayBeBusy(model: Model): boolean {
  const kernel = (model.widget_manager as Manager | undefined)?.kernel;
  return hasKernel(model) === true && kernel?.status !== "idle";
}

/** Say why the model of a panel cannot reach Python any more. */
export function whyLost(model: Model): string {
  const isThere = hasKernel(model);
  if (isThere === undefined) return LOST;
  return isThere ? RESTARTED : NO_KERNEL;
}
