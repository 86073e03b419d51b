import { afterEach, expect, test, vi } from "vitest";
import door from "../../src/entries/door";
import { dress } from "../../src/entries/sheets";

vi.mock(import("../../src/entries/sheets"), () => ({ dress: vi.fn() }));
vi.mock(import("../../src/entries/scheme"), () => ({ followPage: () => () => undefined }));

const SCRIPT = `
globalThis.loads = (globalThis.loads ?? 0) + 1;
export default () => ({
  initialize: ({ model }) => () => (globalThis.closed = model.get("name")),
  render: ({ el }) => () => (globalThis.undrawn = [...(globalThis.undrawn ?? []), el]),
});
`;

afterEach(() => vi.unstubAllGlobals());

test("the panels' module is loaded once in a page, and again for another version", async () => {
  vi.stubGlobal(
    "Blob",
    class {
      constructor(readonly parts: string[]) {}
    },
  );
  vi.spyOn(URL, "createObjectURL").mockImplementation(
    (blob) =>
      `data:text/javascript,${encodeURIComponent((blob as never as { parts: string[] }).parts[0]!)}`,
  );
  vi.spyOn(URL, "revokeObjectURL").mockReturnValue();
  const open = async (name: string, script: string) => {
    const widget = door();
    const traits = { name, _script: "IPY_MODEL_12", _style_sheet: "IPY_MODEL_13" };
    const get = (trait: string) => traits[trait as keyof typeof traits];
    const widget_manager = {
      get_model: async (id: string) => ({
        get: (trait: string) => trait === "text" && { 12: script, 13: ".bpviz {}" }[id],
      }),
    };
    const close = widget.initialize({ model: { get, widget_manager } } as never);
    return { close, undraw: await widget.render({ el: name } as never) };
  };
  const both = await Promise.all([open("one", SCRIPT), open("two", SCRIPT)]);
  both.forEach(({ undraw }) => undraw());
  expect(vi.mocked(dress)).toHaveBeenCalledWith("one", ".bpviz {}");
  const page = globalThis as never as { loads: number; closed: string; undrawn: string[] };
  expect(page.undrawn).toEqual(["one", "two"]);
  const loads = () => page.loads;
  expect(loads()).toBe(1);
  both[1]!.close();
  await vi.waitFor(() => expect(page.closed).toBe("two"));
  await open("three", `${SCRIPT}// changed`);
  expect(loads()).toBe(2);
});
