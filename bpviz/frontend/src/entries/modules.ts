// Modules that travel as text: each is loaded once in a page, for all panels that refer to it.

import type { Model } from "../protocol/model";

const PAGE = globalThis as unknown as Record<symbol, Map<string, Promise<unknown>> | undefined>;
const KEY = Symbol.for("bpviz.modules");

/** What a widget's trait holds that is another widget. */
const REFERENCE = "IPY_MODEL_";

/** What keeps the widgets of a page finds one by its id. */
interface Manager {
  get_model(id: string): Promise<Pick<Model, "get">>;
}

/** Return the text of a module that a panel's trait refers to. */
export async function textOf(model: Model, trait: string): Promise<string> {
  const value = String(model.get(trait) ?? "");
  if (!value.startsWith(REFERENCE)) return value;
  const manager = model.widget_manager as Manager;
  const holder = await manager.get_model(value.slice(REFERENCE.length));
  return String(holder.get("text"));
}

/** Load a module from its text. */
export function moduleOf<Module>(text: string): Promise<Module> {
  const modules = (PAGE[KEY] ??= new Map());
  let module = modules.get(text);
  if (!module) {
    module = load(text);
    modules.set(text, module);
    // What could not be loaded is tried again by the next.
    module.catch(() => modules.delete(text));
  }
  return module as Promise<Module>;
}

async function load(text: string): Promise<unknown> {
  const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  try {
    return await import(/* webpackIgnore: true */ address);
  } finally {
    URL.revokeObjectURL(address);
  }
}
