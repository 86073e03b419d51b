import { expect, test } from "vitest";
import { Choice } from "../../src/protocol/choice";
import type { Model } from "../../src/protocol/model";

/** A model that keeps what is set until it is saved, as Jupyter's does. */
class Buffering implements Model {
  readonly saved: Record<string, unknown>[] = [];
  private readonly values = new Map<string, unknown>([
    ["frame", 0],
    ["cursor", 0],
  ]);
  private buffer: Record<string, unknown> = {};
  private readonly heard = new Map<string, Set<() => void>>();

  get(name: string): unknown {
    return this.values.get(name);
  }
  set(name: string, value: unknown): void {
    if (this.values.get(name) === value) return;
    this.buffer[name] = value;
    this.change(name, value);
  }
  fromPython(name: string, value: unknown): void {
    if (this.values.get(name) !== value) this.change(name, value);
  }
  private change(name: string, value: unknown): void {
    this.values.set(name, value);
    this.heard.get(`change:${name}`)?.forEach((callback) => callback());
  }
  save_changes(): void {
    this.saved.push(this.buffer);
    this.buffer = {};
  }
  send(): void {}
  on(name: string, callback: () => void): void {
    this.heard.set(name, (this.heard.get(name) ?? new Set()).add(callback));
  }
  off(name: string, callback: () => void): void {
    this.heard.get(name)?.delete(callback);
  }
}

test("what Python chooses after a view, before it was told, stays", () => {
  const model = new Buffering();
  const choice = new Choice(model);
  choice.write({}, "frame", 1510);
  model.fromPython("frame", 1999);
  choice.save();
  expect(model.get("frame")).toBe(1999);
  expect(model.saved).toEqual([]);
  choice.write({}, "cursor", 3);
  choice.save();
  expect(model.saved).toEqual([{ frame: 1999, cursor: 3 }]);
  expect(model.get("frame")).toBe(1999);
});

test("what was chosen here is told once", () => {
  const model = new Buffering();
  const choice = new Choice(model);
  choice.write({}, "frame", 7);
  choice.save();
  choice.save();
  choice.write({}, "frame", 8);
  choice.write({}, "frame", 7);
  choice.save();
  expect(model.saved).toEqual([{ frame: 7 }]);
});
