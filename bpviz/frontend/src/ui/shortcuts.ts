// Which keys Jupyter must not get to see while the focus is in a panel.

/** Where an element has it, Jupyter looks for no shortcut of a key that is pressed there. */
const KEPT = "data-lm-suppress-shortcuts";

/**
 * Keep those keys from Jupyter that are pressed inside of an element and are its own; returns what
 * ends it.
 *
 * JupyterLab listens on the document when a key bubbles, Notebook 7 before the panel hears of it.
 * Both ask the element that has the focus, before they ask those around it, whether it wants
 * the key for itself. So it is marked key by key, earlier still.
 */
export function keepKeys(
  around: () => Element | null,
  isOurs: (event: KeyboardEvent) => boolean,
): () => void {
  let marked: Element | null = null;
  const mark = (event: KeyboardEvent): void => {
    marked?.removeAttribute(KEPT);
    marked = null;
    const { target } = event;
    if (!(target instanceof Element) || !around()?.contains(target)) return;
    if (!isOurs(event)) return;
    marked = target;
    marked.setAttribute(KEPT, "true");
  };
  window.addEventListener("keydown", mark, true);
  return () => window.removeEventListener("keydown", mark, true);
}

/** Whether a key has Ctrl, Cmd or Alt with it. */
export const isModified = ({ ctrlKey, metaKey, altKey }: KeyboardEvent): boolean =>
  ctrlKey || metaKey || altKey;

/**
 * Whether a key by itself is a panel's. It is, if Jupyter would do something to the cells with it
 * that nobody means who has clicked into a panel: d d deletes one, 3 makes it a heading.
 */
export const isPlain = ({ key, shiftKey }: KeyboardEvent): boolean =>
  !/^F\d+$/.test(key) && !(key === "Enter" && shiftKey);
