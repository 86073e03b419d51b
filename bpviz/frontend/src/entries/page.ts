// What a page of panels runs: it draws them in the places of their pictures.

import type { Uses } from "./panel";
import { placed } from "./place";
import { decode85 } from "../protocol/base85";
import { bunzip } from "../protocol/bunzip";
import { filled, inflated, unpacked } from "../protocol/packed";
import type { Values } from "../state/wire";

/** The panels' module, run as a script, leaves its exports here. */
declare const bpviz: Pick<Uses, "mount">;

const textOf = (packed: string): string => bunzip(decode85(packed));

/** What the panels are; of much, the text is packed like the script, and apart from the bytes. */
async function contentOf(panels: string, bytes?: string): Promise<unknown> {
  return bytes === undefined ? unpacked(panels) : filled(textOf(panels), await inflated(bytes));
}

/** The closest part of the page around this script that holds the panels' data. */
function around(script: Element): Element {
  let part = script.parentElement!;
  while (!part.querySelector("#bpviz-page")) part = part.parentElement!;
  return part;
}

async function open(part: Element): Promise<void> {
  // A notebook may bring an element of that name, too: the page's own comes last.
  const data = [...part.querySelectorAll("script#bpviz-page")].at(-1)!;
  const [script, style, panels, bytes] = data.textContent.split(" ") as [
    ...[string, string, string],
    string?,
  ];
  // The browser unpacks these meanwhile.
  const content = contentOf(panels, bytes) as Promise<{ panels: Values[] }>;
  // Both are within the strictest policy: the script by its hash, such a sheet always.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(textOf(style));
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  document.head.append(
    Object.assign(document.createElement("script"), { textContent: textOf(script) }),
  );
  (await content).panels.forEach((values, index) => {
    const name = `panel-${index + 1}`;
    const place = part.querySelector<HTMLElement>(`#${name}`) ?? document.getElementById(name)!;
    let undraw = (): void => place.replaceChildren();
    const draw = (): void => {
      undraw();
      undraw = bpviz.mount(place, placed(values, location.hash, index + 1));
    };
    draw();
    addEventListener("hashchange", draw);
  });
}

void open(around(document.currentScript!));
