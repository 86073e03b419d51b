import { beforeEach, expect, test, vi } from "vitest";
import { PANEL } from "../../extension/jupyter";
import limits from "../../extension/limits.json";
import mistakes from "../../extension/mistakes.json";
import { SavedPanel, SavedPicture } from "../../extension/saving";
import { unpacked } from "../../src/protocol/packed";
import type { Values } from "../../src/state/wire";
import { fixture } from "../fixtures";

const { program } = fixture("xor");
const MOST_UPDATES = Math.floor(limits.numbers_made / program.size);

beforeEach(() => {
  vi.stubGlobal("requestIdleCallback", (callback: () => void) => callback());
});

/** What a notebook keeps of a model with these values. */
async function keptOf(values: Values, beside: Record<string, unknown> = {}): Promise<Values> {
  let data = beside;
  const output = {
    get data() {
      return data;
    },
    setData: (changed: { data: Record<string, unknown> }) => void (data = changed.data),
  };
  let tell = (): void => undefined;
  const panel = new SavedPanel(output, values);
  panel.follow({
    get: (name) => values[name],
    on: (_event, callback) => void (tell = callback),
    off: () => undefined,
  });
  tell();
  await vi.waitFor(() => {
    panel.write();
    expect(data[PANEL]).toBeDefined();
  });
  const { packed } = data[PANEL] as { packed: string };
  return ((await unpacked(packed)) as { panels: Values[] }).panels[0]!;
}

function run(updates: number): Values {
  const bytes = (numbers: number): DataView => new DataView(new ArrayBuffer(8 * numbers));
  return {
    _view: "training",
    _program: program,
    _settings: {},
    _start_row: bytes(program.size),
    _total_frames: updates,
    _losses: bytes(3),
    _frames: bytes(program.size),
    _first_frame: 0,
    frame: 0,
  };
}

test("a run is made again as far as Python says so, and else keeps its losses", async () => {
  expect(Object.keys(await keptOf(run(MOST_UPDATES)))).not.toContain("_losses");
  expect(Object.keys(await keptOf(run(MOST_UPDATES + 1)))).toContain("_losses");
});

test("the words of the package's own mistakes are not kept, those of others are", async () => {
  const own = { name: "mine", title: "A mistake of mine", on: true, reason: "" };
  const { title } = mistakes.factor_two_kept;
  const known = { name: "factor_two_kept", title, on: true, reason: "" };
  const { _mistake_choices: kept } = await keptOf({ ...run(4), _mistake_choices: [own, known] });
  expect(kept).toEqual([own, { name: "factor_two_kept", on: true, reason: "" }]);
});

test("pins go where there is no room for them beside the picture", async () => {
  const pins = { _pinned: [{ name: "one" }], _pinned_losses: random(1000) };
  const html = (characters: number): object => ({ "text/html": "−".repeat(characters / 6) });
  const roomy = await keptOf({ ...run(4), ...pins }, { ...html(6000) });
  expect(Object.keys(roomy)).toContain("_pinned");
  const full = await keptOf({ ...run(4), ...pins }, { ...html(18_000) });
  expect(Object.keys(full)).not.toContain("_pinned");
  expect(full["_total_frames"]).toBe(4);
});

test("a picture over which sliders were moved is kept as it was left", () => {
  let data: Record<string, unknown> = { "text/plain": "SliderPanel(w 0.5)", [PANEL]: {} };
  const output = {
    get data() {
      return data;
    },
    setData: (changed: { data: Record<string, unknown> }) => void (data = changed.data),
  };
  const left: Record<string, unknown> = {
    places: "w 1",
    words: "loss 2",
    address: "data:image/png;base64,AAAA",
  };
  let tell = (): void => undefined;
  const picture = {
    get: (name: string) => left[name],
    on: (_event: string, callback: () => void) => void (tell = callback),
    off: () => undefined,
  };
  const saved = new SavedPicture(output);
  const box = { ...picture, get: (): unknown => [picture, picture] };
  saved.write();
  expect(data["text/plain"]).toBe("SliderPanel(w 0.5)");
  saved.follow(box);
  saved.write();
  expect(data["text/plain"]).toBe("SliderPanel(w 1)"); // where it was before it was followed
  left["places"] = "w 2";
  tell();
  saved.write();
  expect(data).toEqual({
    "text/plain": "SliderPanel(w 2)",
    "image/png": "AAAA",
    [PANEL]: { sliders: "w 2", words: "loss 2" },
  });
});

test("a model without parts, which a forged output may name, is left alone", () => {
  const output = { data: {}, setData: () => undefined };
  const model = { get: () => undefined, on: vi.fn(), off: () => undefined };
  new SavedPicture(output).follow(model)();
  expect(model.on).not.toHaveBeenCalled();
});

/** Numbers that cannot be compressed. */
function random(count: number): DataView {
  const numbers = Float64Array.from({ length: count }, (_, k) => Math.sin(1e9 * k));
  return new DataView(numbers.buffer);
}
