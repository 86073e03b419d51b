// @vitest-environment happy-dom

import { expect, test } from "vitest";
import { focused } from "../../src/ui/focus";

test("what has the focus is found within shadow roots", () => {
  const host = document.body.appendChild(document.createElement("div"));
  const inner = document.createElement("div");
  host.attachShadow({ mode: "open" }).append(inner);
  const button = document.createElement("button");
  inner.attachShadow({ mode: "open" }).append(button);
  expect(focused()).toBe(document.body);
  button.focus();
  expect(document.activeElement).toBe(host);
  expect(focused()).toBe(button);
  button.blur();
  expect(focused()).toBe(document.body);
});
