// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest";
import { followPage } from "../../src/entries/scheme";

afterEach(() => vi.unstubAllGlobals());

/** An element in a page whose words have a colour. */
function element(color: string, colorScheme: string): HTMLElement {
  const page = document.body.appendChild(document.createElement("div"));
  vi.stubGlobal("getComputedStyle", () => ({ color: page.dataset["color"], colorScheme }));
  page.dataset["color"] = color;
  return page.appendChild(document.createElement("div"));
}

test.each([
  ["rgb(255, 255, 255)", "normal", "dark"],
  ["rgba(255, 255, 255, 0.87)", "normal", "dark"],
  ["rgb(0, 0, 0)", "normal", ""],
  ["rgb(255, 255, 255)", "light", ""],
  ["rgb(255, 255, 255)", "light dark", ""],
  ["", "normal", ""],
])("words in %s on a page whose scheme is %s", (color, scheme, wanted) => {
  const one = element(color, scheme);
  followPage(one);
  one.dispatchEvent(new Event("animationstart"));
  expect(one.style.colorScheme).toBe(wanted);
});

test("a page that turns light is followed until the panel goes", async () => {
  const one = element("rgb(250, 250, 250)", "normal");
  const end = followPage(one);
  expect(one.style.colorScheme).toBe("");
  await new Promise(requestAnimationFrame);
  expect(one.style.colorScheme).toBe("dark");
  one.parentElement!.dataset["color"] = "rgb(20, 20, 20)";
  one
    .appendChild(document.createElement("b"))
    .dispatchEvent(new Event("transitionend", { bubbles: true }));
  expect(one.style.colorScheme).toBe("dark");
  one.dispatchEvent(new Event("transitionend"));
  expect(one.style.colorScheme).toBe("");
  one.parentElement!.dataset["color"] = "rgb(250, 250, 250)";
  end();
  one.dispatchEvent(new Event("transitionend"));
  expect(one.style.colorScheme).toBe("");
});
