// The picture of a slider panel, why there is no newer one, and the keys that are pressed on its
// sliders.

import type { Model } from "../protocol/model";
import { bringNewIntoView } from "../ui/notebook";
import { isModified, isPlain, keepKeys } from "../ui/shortcuts";

export default {
  render({ model, el }: { model: Model; el: HTMLElement }): () => void {
    const place = document.createElement("div");
    const alert = document.createElement("p");
    alert.setAttribute("role", "alert");
    alert.style.cssText =
      "margin: 8px 0; padding-left: 8px; border-left: 3px solid var(--jp-error-color1, #b3261e)";
    el.replaceChildren(place, alert);
    const complain = (): void => {
      alert.textContent = String(model.get("error") ?? "");
      alert.hidden = !alert.textContent;
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
    const leave = ({ key, target }: KeyboardEvent): void => {
      if (key !== "Escape" || !panel()?.contains(target as Node)) return;
      panel()!.closest<HTMLElement>(".jp-Cell")?.focus({ preventScroll: true });
    };
    const giveBack = keepKeys(panel, (event) => !isModified(event) && isPlain(event));
    document.addEventListener("keydown", leave);
    model.on("change:address", show);
    model.on("change:error", complain);
    complain();
    void show();
    return () => {
      model.off("change:address", show);
      model.off("change:error", complain);
      document.removeEventListener("keydown", leave);
      giveBack();
      giveUp();
    };
  },
};
