// As much of JupyterLab as the extension needs; its libraries come from the page.

export const PANEL = "application/vnd.bpviz.panel+json";
export const VIEW = "application/vnd.jupyter.widget-view+json";

interface Signal<Sender, Value> {
  connect(slot: (sender: Sender, value: Value) => void): void;
}

/** An output of a cell. */
export interface Output {
  readonly data: Readonly<Record<string, unknown>>;
  setData(changed: { data: Record<string, unknown> }): void;
}

export interface WidgetModel {
  get(name: string): unknown;
  on(event: string, callback: () => void): void;
  off(event: string, callback: () => void): void;
}

export interface Manager {
  /** Whether all models of the kernel are known that were there when the page was loaded. */
  readonly restoredStatus: boolean;
  readonly restored: Signal<unknown, unknown>;
  has_model(id: string): boolean;
  get_model(id: string): Promise<WidgetModel>;
}

/** What draws an output. */
export interface Renderer {
  readonly node: HTMLElement;
  readonly isDisposed: boolean;
  /** The views of widgets that it shows. */
  readonly widgets: readonly unknown[];
  readonly _manager: { promise: Promise<Manager> };
  manager: Manager;
  renderModel(model: Output): Promise<void>;
  hide(): void;
  dispose(): void;
}

export interface RendererOptions {
  mimeType: string;
}

export interface RenderMime {
  getFactory(type: string): { createRenderer(options: RendererOptions): Renderer } | undefined;
  addFactory(factory: object, rank: number): void;
}

interface Notebook {
  content: { rendermime: RenderMime };
  context: { saveState: Signal<unknown, string> };
}

export interface NotebookTracker {
  currentWidget: Notebook;
  forEach(callback: (notebook: Notebook) => void): void;
  widgetAdded: Signal<unknown, Notebook>;
}
