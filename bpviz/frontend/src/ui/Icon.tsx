import type { VNode } from "preact";

const SHAPES: Readonly<Record<string, string>> = {
  first: "M4 3h2v10H4zM14 3v10L7 8z",
  back: "M11.5 3v10L4.5 8z",
  play: "M4 2.5v11L13 8z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z",
  forward: "M4.5 3v10l7-5z",
  last: "M2 3v10l7-5zM10 3h2v10h-2z",
  undo: "M6.5 2.5V5H9a4.5 4.5 0 0 1 0 9H5v-1.7h4a2.8 2.8 0 0 0 0-5.6H6.5v2.5L2.5 5.9z",
  redo: "M9.5 2.5V5H7a4.5 4.5 0 0 0 0 9h4v-1.7H7a2.8 2.8 0 0 1 0-5.6h2.5v2.5l4-3.3z",
  reset: "M8 2.5V.8L4.6 3.4 8 6V4.2A4.2 4.2 0 1 1 3.8 8.4H2.1A5.9 5.9 0 1 0 8 2.5z",
  minus: "M3 7h10v2H3z",
  plus: "M7 3h2v4h4v2H9v4H7V9H3V7h4z",
  settings:
    "M2 3.5h5v1.6H2zM11 3.5h3v1.6h-3zM8 2.2h2v4.2H8zM2 7.2h2v1.6H2zM8 7.2h6v1.6H8zM5 5.9h2v4.2H5zM2 10.9h6v1.6H2zM12 10.9h2v1.6h-2zM9 9.6h2v4.2H9z",
  close: "M4.2 3 8 6.8 11.8 3 13 4.2 9.2 8l3.8 3.8-1.2 1.2L8 9.2 4.2 13 3 11.8 6.8 8 3 4.2z",
};

export function Icon({ name }: { name: string }): VNode {
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      <path d={SHAPES[name]} fill="currentColor" />
    </svg>
  );
}
