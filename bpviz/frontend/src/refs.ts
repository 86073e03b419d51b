// Refs: the names of single numbers, `W1[0,1]`, that link all views.

/**
 * A number of the trace: a register with indices; without indices a whole register.
 * `partial` = k is the sum of the first k terms; `sample` is another sample than the chosen one.
 */
export interface Ref {
  register: string;
  indices: readonly number[];
  partial?: number | undefined;
  sample?: number | undefined;
}

const PATTERN = /^([A-Za-z]+\d*)(?:\[(\d+(?:,\d+)*)\])?(?:~(\d+))?(?:@(\d+))?$/;

export function refKey(ref: Ref): string {
  const indices = ref.indices.length ? `[${ref.indices.join(",")}]` : "";
  const partial = ref.partial === undefined ? "" : `~${ref.partial}`;
  const sample = ref.sample === undefined ? "" : `@${ref.sample}`;
  return ref.register + indices + partial + sample;
}

/** Read a ref; null if it is not one. */
export function parseRef(text: string): Ref | null {
  const match = PATTERN.exec(text.replace(/\s+/g, ""));
  if (!match) return null;
  const [, register, indices, partial, sample] = match;
  return {
    register: register!,
    indices: indices ? indices.split(",").map(Number) : [],
    partial: partial === undefined ? undefined : Number(partial),
    sample: sample === undefined ? undefined : Number(sample),
  };
}

/** Whether two refs speak of a common number: `W1` covers `W1[0,1]`, and the other way round. */
export function overlap(a: string, b: string): boolean {
  if (a === b) return a !== "";
  return covers(a, b) || covers(b, a);
}

function covers(whole: string, part: string): boolean {
  if (!whole || !part.startsWith(whole)) return false;
  const next = part[whole.length];
  return next === "[" || next === "~";
}
