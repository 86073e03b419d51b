// @vitest-environment happy-dom
import { expect, test, vi } from "vitest";
import picture from "../../src/entries/picture";
import { FakeModel } from "../opened";

test("a picture stays until a later one can be painted, however long one between them takes", async () => {
  const painted: (() => void)[] = [];
  HTMLImageElement.prototype.decode = () =>
    new Promise((resolve) => painted.push(resolve as () => void));
  const model = new FakeModel({ address: "data:,1", words: "first" });
  const el = document.body.appendChild(document.createElement("div"));
  const take = picture.render({ model, el });
  const shown = (): string[] => [...el.querySelectorAll("img")].map((image) => image.alt);
  const turn = (name: string): void => {
    model.set("words", name);
    model.set("address", `data:,${name}`);
  };
  painted[0]!();
  await vi.waitFor(() => expect(shown()).toEqual(["first"]));
  turn("second");
  turn("third");
  expect(shown()).toEqual(["first"]);
  painted[2]!();
  await vi.waitFor(() => expect(shown()).toEqual(["third"]));
  painted[1]!();
  await Promise.resolve();
  expect(shown()).toEqual(["third"]);
  take();
  turn("fourth");
  expect(painted).toHaveLength(3);
});

test("why there is no newer picture is said as text, until there is one", () => {
  const model = new FakeModel({ address: "data:,1", words: "first", error: "" });
  const el = document.body.appendChild(document.createElement("div"));
  picture.render({ model, el });
  const alert = el.querySelector<HTMLElement>("[role=alert]")!;
  expect(alert.hidden).toBe(true);
  model.set("error", "<b>no</b>");
  expect([alert.hidden, alert.textContent]).toEqual([false, "<b>no</b>"]);
  model.set("error", "");
  expect(alert.hidden).toBe(true);
});

test.each(["told", "found when a slider is moved"])("a kernel that is gone is %s", (way) => {
  const model = new FakeModel({ address: "data:,1", words: "first", error: "" });
  model.widget_manager = { kernel: { status: "idle" } };
  const panel = document.body.appendChild(document.createElement("div"));
  const el = panel.appendChild(document.createElement("div"));
  picture.render({ model, el });
  const alert = el.querySelector<HTMLElement>("[role=alert]")!;
  const press = () => panel.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight" }));
  press();
  expect(alert.hidden).toBe(true);
  if (way === "told") model.emit("comm_live_update");
  else {
    model.widget_manager = { kernel: null };
    press();
  }
  expect(alert.textContent).toMatch(/^No kernel draws for these sliders any more\./);
});
