import { afterEach, expect, test, vi } from "vitest";
import door from "../src/door";

const SCRIPT = `
globalThis.loads = (globalThis.loads ?? 0) + 1;
export default () => ({ initialize: ({ model }) => model.get("name"), render: ({ el }) => el });
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
    const get = (trait: string) => ({ name, _script: script })[trait];
    const said = await widget.initialize({ model: { get } } as never);
    return [said, widget.render({ el: name } as never)];
  };
  const both = [open("one", SCRIPT), open("two", SCRIPT)];
  expect(await Promise.all(both)).toEqual([
    ["one", "one"],
    ["two", "two"],
  ]);
  const loads = () => (globalThis as never as { loads: number }).loads;
  expect(loads()).toBe(1);
  await open("three", `${SCRIPT}// changed`);
  expect(loads()).toBe(2);
});
