// The extension of JupyterLab and Notebook 7: a notebook that was saved shows its panels alive. It
// is prebuilt, one file, and draws `application/vnd.bpviz.panel+json` before Jupyter's own renderer
// of widgets does: the live widget where its model is known, else what the notebook holds.

import { reopening } from "./reopening";
import type { NotebookTracker, RenderMime, RendererOptions } from "./jupyter";
import { PANEL, VIEW } from "./jupyter";
import { SavedPanels } from "./saving";

/** Views of widgets have rank -10. */
const BEFORE_VIEWS = -20;

const here = (document.currentScript as HTMLScriptElement).src.replace(/[^/]*$/, "");

/** Draw the panels of a notebook with a kind of Jupyter's own renderer of widgets. */
function serve(rendermime: RenderMime, saved: SavedPanels): void {
  const createRenderer = (given: RendererOptions) => {
    const options = { ...given, mimeType: VIEW };
    const usual = rendermime.getFactory(VIEW)!.createRenderer(options);
    const Renderer = reopening(usual.constructor as never, here, saved);
    const made = new Renderer(options);
    // The managers of the notebook's widgets, by which each kernel is known, come to the renderers
    // that Jupyter made itself.
    void usual._manager.promise.then((manager) => (made.manager = manager));
    usual.dispose();
    return made;
  };
  rendermime.addFactory({ safe: true, mimeTypes: [PANEL], createRenderer }, BEFORE_VIEWS);
}

function plugin(token: unknown) {
  return {
    id: "bpviz:panels",
    autoStart: true,
    // Voilà, which shows no notebooks to be saved, has no tracker of them.
    optional: [token],
    activate(_app: unknown, tracker: NotebookTracker | null): void {
      const open = ({ content, context }: NotebookTracker["currentWidget"]): void => {
        const saved = new SavedPanels();
        context.saveState.connect((_context, state) => {
          if (state === "started") saved.write();
        });
        serve(content.rendermime, saved);
      };
      tracker?.forEach(open);
      tracker?.widgetAdded.connect((_tracker, notebook) => open(notebook));
    },
  };
}

type Shared = Record<string, Record<string, { get(): Promise<() => Record<string, unknown>> }>>;
let shared: Shared = {};

/** Return one of the libraries that JupyterLab shares with its extensions. */
async function library(name: string): Promise<Record<string, unknown>> {
  const [version] = Object.values(shared[name] ?? {});
  if (!version) throw new Error(`bpviz: this Jupyter does not share ${name}`);
  return (await version.get())();
}

const page = globalThis as unknown as { _JUPYTERLAB?: Record<string, unknown> };
(page._JUPYTERLAB ??= {})["bpviz"] = {
  init(scope: Shared): void {
    shared = scope;
  },
  async get() {
    const { INotebookTracker } = await library("@jupyterlab/notebook");
    return () => ({ __esModule: true, default: plugin(INotebookTracker) });
  },
};
