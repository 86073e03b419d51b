// Why a panel has lost its Python, as far as the front end around it knows.

import type { Model } from "./choice";

/** What is said where Python would be needed and cannot be reached. */
export const NO_KERNEL =
  "There is no kernel, so nothing can be computed: run the cell again to go on.";
export const RESTARTED =
  "This panel belongs to a kernel that was restarted: run its cell again to go on.";
export const LOST =
  "The kernel of this panel was restarted, or it is gone: run the cell again to go on.";

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

/** Say why the model of a panel cannot reach Python any more. */
export function whyLost(model: Model): string {
  const isThere = hasKernel(model);
  if (isThere === undefined) return LOST;
  return isThere ? RESTARTED : NO_KERNEL;
}
