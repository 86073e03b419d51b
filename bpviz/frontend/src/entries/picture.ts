// The picture of a slider panel, why there is no newer one, and the keys that are pressed on its
// sliders.

import { hasKernel } from "../protocol/kernel";
import type { Model } from "../protocol/model";
import { bringNewIntoView } from "../ui/notebook";
import { isModified, isPlain, keepKeys } from "../ui/shortcuts";

const LOST = "No kernel draws for these sliders any more. To move the picture, run the cell again.";

export default {
  render({ model, el }: { model: Model; el: HTMLElement }): () => void {
    const place = document.createElement("div");
    const alert = document.createElement("p");
    alert.setAttribute("role", "alert");
    alert.style.cssText =
      "margin: 8px 0; padding-left: 8px; border-left: 3px solid var(--jp-error-color1, #b3261e)";
    el.replaceChildren(place, alert);
    let isLost = hasKernel(model) === false;
    const complain = (): void => {
      alert.textContent = isLost ? LOST : String(model.get("error") ?? "");
      alert.hidden = !alert.textContent;
    };
    const lose = (): void => {
      isLost = true;
      complain();
    };
    let latest: HTMLImageElement;
    let giveUp = (): void => undefined;
    // Only a picture that can be painted at once takes the place of the one before.
    const show = async (): Promise<void> => {
      const image = new Image();
      latest = image;
      image.alt = String(model.get("words"));
      image.style.cssText = "max-width: 100%; max-height: 26em";
      image.src = String(model.get("address"));
      await image.decode();
      if (image !== latest) return;
      const isFirst = !place.firstChild;
      place.replaceChildren(image);
      if (isFirst && panel()) giveUp = bringNewIntoView(panel()!);
    };
    const panel = (): HTMLElement | null => el.parentElement;
    // A kernel that is shut down says nothing: whoever moves a slider finds it gone.
    const use = (event: Event): void => {
      if (!panel()?.contains(event.target as Node)) return;
      if (hasKernel(model) === false) lose();
      if ((event as Partial<KeyboardEvent>).key !== "Escape") return;
      panel()!.closest<HTMLElement>(".jp-Cell")?.focus({ preventScroll: true });
    };
    const giveBack = keepKeys(panel, (event) => !isModified(event) && isPlain(event));
    const uses = ["keydown", "pointerdown"];
    uses.forEach((kind) => document.addEventListener(kind, use, true));
    model.on("change:address", show);
    model.on("change:error", complain);
    model.on("comm_live_update", lose);
    complain();
    void show();
    return () => {
      model.off("change:address", show);
      model.off("change:error", complain);
      model.off("comm_live_update", lose);
      uses.forEach((kind) => document.removeEventListener(kind, use, true));
      giveBack();
      giveUp();
    };
  },
};
