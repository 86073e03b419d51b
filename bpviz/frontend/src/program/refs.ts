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

const PATTERN = /^([A-Za-z_]+\d*)(?:\[(\d+(?:,\d+)*)\])?(?:~(\d+))?(?:@(\d+))?$/;

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

/**
 * Refs to be asked for numbers that they share with another: `W1` with `W1[0,1]` and the other
 * way round, `a1[0]` with the sum so far `a1[0]~2`.
 */
export class RefSet {
  private readonly numbers = new Set<string>();
  private readonly registers = new Set<string>();

  constructor(refs: Iterable<string>) {
    for (const ref of refs) {
      if (!ref) continue;
      const number = plainRef(ref);
      this.numbers.add(number);
      this.registers.add(registerPart(number));
    }
  }

  meets(ref: string): boolean {
    if (!ref || !this.numbers.size) return false;
    const number = plainRef(ref);
    const register = registerPart(number);
    if (register === number) return this.registers.has(register);
    return this.numbers.has(number) || this.numbers.has(register);
  }
}

/** The number that a sum so far, or the entry of another sample, counts as. */
export function plainRef(ref: string): string {
  const end = ref.search(/[~@]/);
  return end < 0 ? ref : ref.slice(0, end);
}

function registerPart(ref: string): string {
  const end = ref.indexOf("[");
  return end < 0 ? ref : ref.slice(0, end);
}
