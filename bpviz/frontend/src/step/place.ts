import type { Box } from "./geometry";

/** The style that puts an element into its place in the diagram. */
export function place({ x, y, width, height }: Box): Record<string, string> {
  return { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` };
}
