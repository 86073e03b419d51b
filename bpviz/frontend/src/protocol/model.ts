// The model of a widget, as anywidget gives it to a panel.

/** What is used of an anywidget model. */
export interface Model {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  save_changes(): void;
  send(content: unknown): void;
  on(name: string, callback: (...values: never[]) => void): void;
  off(name: string, callback: (...values: never[]) => void): void;
  /** What keeps the widgets of the page; each front end has one of its own. */
  readonly widget_manager?: unknown;
}
