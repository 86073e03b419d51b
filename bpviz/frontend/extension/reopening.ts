// Draws a panel in an output: its live widget, or from what the notebook holds of it.

import type { Alone } from "../src/entries/panel";
import { ALONE } from "../src/protocol/alone";
import { unpacked } from "../src/protocol/packed";
import type { Values } from "../src/state/wire";
import type { RunState } from "../src/runs/state/run";
import { MOST_CHARACTERS, isWithinBounds } from "./bounds";
import { withWords } from "./known";
import { valuesNow } from "./left";
import { broughtUp } from "./older";
import type { Manager, Output, Renderer, RendererOptions } from "./jupyter";
import { PANEL, VIEW } from "./jupyter";
import { moduleFor } from "./modules";
import type { Kept, SavedPanels } from "./saving";
import { SavedPanel } from "./saving";

/** Milliseconds till it is clear that no model comes. */
const PATIENCE = 300;

type Now = Parameters<typeof valuesNow>;
type RendererClass = new (options: RendererOptions) => Renderer;

/** Jupyter's own renderer of widgets, but with the saved panel where there is no model. */
export function reopening(
  WidgetRenderer: RendererClass,
  folder: string,
  saved: SavedPanels,
): RendererClass {
  return class Reopening extends WidgetRenderer {
    private watch: MutationObserver | null = null;
    private place: HTMLElement | null = null;
    private removePanel = (): void => undefined;
    private stopFollowing = (): void => undefined;
    private panel: SavedPanel | null = null;
    private values: Values | null = null;
    private still: readonly (HTMLElement | string)[] = [];
    private shown = "";
    private isComing = false;

    override async renderModel(model: Output): Promise<void> {
      const id = viewOf(model);
      // What is written into the output when it is saved needs no other drawing.
      if (this.panel && id === this.shown) return;
      this.shown = id;
      this.forget();
      this.values = await valuesIn(model);
      this.still = stillOf(model);
      if (this.isDisposed) return;
      if (this.values) saved.drawn.add((this.panel = new SavedPanel(model, this.values)));
      const moved = saved.moved(model);
      if (moved && this.panel) this.values = this.panel.take(moved);
      this.listen();
      // Without a kernel the manager never comes.
      const soon = setTimeout(() => this.look(), PATIENCE);
      const manager = await this._manager.promise;
      clearTimeout(soon);
      // The model of a panel that went on alone does not know what has become of it.
      const isThere = (): boolean => id !== "" && !moved && manager.has_model(id);
      if (isThere()) await this.showLive(manager, id, model);
      else if (!manager.restoredStatus)
        manager.restored.connect(() => {
          if (this.shown === id && isThere()) void this.showLive(manager, id, model);
        });
      this.look();
    }

    private listen(): void {
      if (this.watch) return;
      this.watch = new MutationObserver(() => this.look());
      this.watch.observe(this.node, { childList: true });
      this.node.addEventListener(ALONE, (event) => {
        const { panel } = this;
        const alone = (event as CustomEvent<Alone>).detail;
        if (panel && alone) this.values = panel.take(valuesNow(...(alone as Now)));
        else panel?.listen();
      });
    }

    /** Until the widget stands there, nothing can be done that would be lost with what it replaces. */
    private async showLive(manager: Manager, id: string, model: Output): Promise<void> {
      const { panel } = this;
      this.expect(true);
      try {
        const widget = await manager.get_model(id);
        if (this.isDisposed || panel !== this.panel) return;
        if (panel) this.stopFollowing = panel.follow(widget);
        await super.renderModel(model);
      } finally {
        if (panel === this.panel) this.expect(false);
      }
      this.look();
    }

    private expect(isComing: boolean): void {
      this.isComing = isComing;
      if (this.place) this.place.inert = isComing;
    }

    /** Views that are closed, as when the kernel is restarted, leave the saved panel. */
    override hide(): void {
      this.look();
    }

    override dispose(): void {
      this.watch?.disconnect();
      this.forget();
      super.dispose();
    }

    private look(): void {
      if (this.isDisposed) return;
      if (this.widgets.length) this.undraw();
      else if (!this.place) void (this.isComing || this.drawSaved());
      else if (this.place.parentNode !== this.node || this.node.childNodes.length > 1)
        this.node.replaceChildren(this.place);
    }

    private async drawSaved(): Promise<void> {
      const place = document.createElement("div");
      this.place = place;
      this.node.replaceChildren(place);
      const { values, panel } = this;
      if (!values || !panel) {
        place.append(...this.still);
        return;
      }
      const { mount } = await moduleFor(folder, values);
      if (this.place !== place) return;
      let isAsItCame = true;
      try {
        this.removePanel = mount(place, values, (state, run) => {
          const now = valuesNow(state, run as RunState | undefined);
          if (!isAsItCame) this.values = panel.take(now);
          isAsItCame = false;
        });
      } catch {
        place.replaceChildren(...this.still);
      }
    }

    private undraw(): void {
      this.removePanel();
      this.removePanel = () => undefined;
      this.place?.remove();
      this.place = null;
    }

    private forget(): void {
      this.isComing = false;
      this.undraw();
      this.stopFollowing();
      this.stopFollowing = () => undefined;
      if (this.panel) saved.remove(this.panel);
      this.panel = null;
    }
  };
}

function viewOf({ data }: Output): string {
  const view = data[VIEW] as { model_id?: unknown } | undefined;
  return String(view?.model_id ?? "");
}

/** Return what an output holds of a panel; null if it is nothing of the kind. */
async function valuesIn({ data }: Output): Promise<Values | null> {
  try {
    const text = String((data[PANEL] as Kept).packed);
    if (text.length > MOST_CHARACTERS) return null;
    const [values] = ((await unpacked(text)) as { panels: Values[] }).panels;
    return isWithinBounds(values!) ? withWords(broughtUp(values!)) : null;
  } catch {
    return null;
  }
}

const TOO_LARGE =
  "This panel is too large for a notebook to keep: this is a picture of how it was when its cell was " +
  "run. Run the cell again for the panel itself.";
const UNREADABLE = "This panel cannot be read: run its cell again.";
/** Of HTML in a notebook nothing is used but a picture in it, which can do nothing. */
const PICTURE = /src="(data:image\/svg\+xml[^"]*)"/;

/** Return what stands in the place of a panel whose values are not there. */
function stillOf({ data }: Output): readonly (HTMLElement | string)[] {
  const [, src = ""] = PICTURE.exec(String(data["text/html"])) ?? [];
  const picture = Object.assign(document.createElement("img"), {
    src,
    alt: String(data["text/plain"] ?? ""),
  });
  const said = document.createElement("p");
  said.textContent = (data[PANEL] as Kept | null)?.too_large ? TOO_LARGE : UNREADABLE;
  return src ? [said, picture] : [said];
}
