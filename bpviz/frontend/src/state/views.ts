// Which views of an update are shown.

import type { Signal } from "@preact/signals";
import { signal } from "@preact/signals";
import type { Style, View } from "../protocol/style";
import { VIEWS } from "../protocol/style";

export class ShownViews {
  /** The views of which there is room for one at a time, and the one that was chosen. */
  readonly tabs = signal<readonly View[]>([]);
  readonly tab = signal<View>("formula");
  /** Beside what the diagram has room for what follows from it; where it has none, for new weights. */
  readonly followed = signal<"weights and biases" | "weights" | "nothing">("weights and biases");

  constructor(private readonly appearance: Signal<Style>) {}

  isShown(view: View): boolean {
    return this.appearance.value.views.includes(view);
  }

  /** Of views that share a place, the one that is chosen, or else the first. */
  tabOf(views: readonly View[]): View | undefined {
    return views.includes(this.tab.value) ? this.tab.value : views[0];
  }

  /** Hide a view, or show it again; among tabs, turn to it. */
  toggle(view: View): void {
    const isTab = this.tabs.value.includes(view);
    const open = this.tabOf(this.tabs.value.filter((one) => this.isShown(one)));
    if (isTab && this.isShown(view) && open !== view) {
      this.tab.value = view;
      return;
    }
    const show = !this.isShown(view);
    if (isTab && show) this.tab.value = view;
    this.appearance.value = {
      ...this.appearance.value,
      views: VIEWS.filter((one) => (one === view ? show : this.isShown(one))),
    };
  }
}
