// The style sheet that travels as text: a page takes it once, whoever's panels it styles.

const SHEETS = Symbol.for("bpviz.sheets");

type Styled = (Document | ShadowRoot) & { [SHEETS]?: Set<string> };

/** Have the document styled in which an element is or will be, and the shadow root around it. */
export function dress(element: HTMLElement, style: string): void {
  const root = element.getRootNode();
  adopt(element.ownerDocument, style);
  if (root instanceof ShadowRoot) adopt(root, style);
}

function adopt(root: Styled, style: string): void {
  const known = (root[SHEETS] ??= new Set());
  if (known.has(style)) return;
  known.add(style);
  // A sheet belongs to the document whose window has made it.
  const { defaultView } = root instanceof ShadowRoot ? root.ownerDocument : root;
  const sheet = new (defaultView as typeof globalThis & Window).CSSStyleSheet();
  sheet.replaceSync(style);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}
