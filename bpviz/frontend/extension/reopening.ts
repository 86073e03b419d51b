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
import type { Kept, Saved, SavedPanels } from "./saving";
import { SavedPanel, SavedPicture } from "./saving";

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
    private saved: Saved | null = null;
    private values: Values | null = null;
    private output: Output | null = null;
    private shown = "";
    private isComing = false;

    private get panel(): SavedPanel | null {
      return this.saved instanceof SavedPanel ? this.saved : null;
    }

    override async renderModel(model: Output): Promise<void> {
      const id = viewOf(model);
      // What is written into the output when it is saved needs no other drawing.
      if (this.saved && id === this.shown) return;
      this.shown = id;
      this.forget();
      this.values = await valuesIn(model);
      this.output = model;
      if (this.isDisposed) return;
      this.saved = savedOf(model, this.values);
      if (this.saved) saved.drawn.add(this.saved);
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
      const shown = this.saved;
      this.expect(true);
      try {
        const widget = await manager.get_model(id);
        if (this.isDisposed || shown !== this.saved) return;
        if (shown) this.stopFollowing = shown.follow(widget);
        await super.renderModel(model);
      } finally {
        if (shown === this.saved) this.expect(false);
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
        place.append(...this.still());
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
        place.replaceChildren(...this.still());
      }
    }

    private still(): readonly (HTMLElement | string)[] {
      const data = this.saved instanceof SavedPicture ? this.saved.data : this.output!.data;
      return stillOf(data);
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
      if (this.saved) saved.remove(this.saved);
      this.saved = null;
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
const SLIDERS = (places: string): string =>
  `These are sliders over a picture, which Python draws. They were left at ${places}. Run the cell ` +
  "again to move them.";
/** Of HTML in a notebook nothing is used but a picture in it, which can do nothing. */
const PICTURE = /src="(data:image\/svg\+xml[^"]*)"/;

/** Return what keeps an output as it is left; null where nothing of a panel is in it. */
function savedOf(model: Output, values: Values | null): Saved | null {
  if (values) return new SavedPanel(model, values);
  return areSliders(model.data) ? new SavedPicture(model) : null;
}

function areSliders(data: Output["data"]): boolean {
  return (data[PANEL] as Kept | null)?.sliders !== undefined;
}

/** Return what stands in the place of a panel whose values are not there. */
function stillOf(data: Output["data"]): readonly (HTMLElement | string)[] {
  const kept = data[PANEL] as Kept | null;
  const said = document.createElement("p");
  if (areSliders(data)) {
    said.textContent = SLIDERS(String(kept!.sliders));
    return [said, picture(`data:image/png;base64,${String(data["image/png"])}`, kept!.words)];
  }
  said.textContent = kept?.too_large ? TOO_LARGE : UNREADABLE;
  const [, src] = PICTURE.exec(String(data["text/html"])) ?? [];
  return src ? [said, picture(src, data["text/plain"])] : [said];
}

function picture(src: string, words: unknown): HTMLElement {
  const image = Object.assign(document.createElement("img"), { src, alt: String(words ?? "") });
  image.style.maxWidth = "100%";
  return image;
}
