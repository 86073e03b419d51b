// Modules that travel as text: each is loaded once in a page, for all panels that bring it.

const PAGE = globalThis as unknown as Record<symbol, Map<string, Promise<unknown>> | undefined>;
const KEY = Symbol.for("bpviz.modules");

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
