// Random numbers that follow from a seed: those of NumPy's RandomState, the Mersenne Twister.

const LENGTH = 624;
const MIDDLE = 397;

export class RandomState {
  private readonly state = new Uint32Array(LENGTH);
  private place = LENGTH;
  private spare: number | null = null;

  /** A seed from 0 to 2³² − 1. */
  constructor(seed: number) {
    const { state } = this;
    state[0] = seed;
    for (let k = 1; k < LENGTH; k++) {
      const before = state[k - 1]! ^ (state[k - 1]! >>> 30);
      state[k] = Math.imul(before, 1_812_433_253) + k;
    }
  }

  /** From 0 on, below 1. */
  uniform(): number {
    const [high, low] = [this.bits() >>> 5, this.bits() >>> 6];
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  /** From the normal distribution, by Marsaglia's polar method, which makes two at once. */
  normal(): number {
    if (this.spare !== null) {
      const spare = this.spare;
      this.spare = null;
      return spare;
    }
    for (;;) {
      const [x, y] = [2 * this.uniform() - 1, 2 * this.uniform() - 1];
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      this.spare = factor * x;
      return factor * y;
    }
  }

  private bits(): number {
    if (this.place === LENGTH) this.twist();
    let bits = this.state[this.place++]!;
    bits ^= bits >>> 11;
    bits ^= (bits << 7) & 0x9d2c5680;
    bits ^= (bits << 15) & 0xefc60000;
    return (bits ^ (bits >>> 18)) >>> 0;
  }

  private twist(): void {
    const { state } = this;
    for (let k = 0; k < LENGTH; k++) {
      const joined = (state[k]! & 0x80000000) | (state[(k + 1) % LENGTH]! & 0x7fffffff);
      const odd = joined & 1 ? 0x9908b0df : 0;
      state[k] = state[(k + MIDDLE) % LENGTH]! ^ (joined >>> 1) ^ odd;
    }
    this.place = 0;
  }
}

/** Numbers from 0 to count − 1 in an order that follows from two seeds. */
export function shuffled(count: number, seed: number, round: number): number[] {
  const random = new RandomState((Math.imul(seed, 2_654_435_761) + round) >>> 0);
  const order = Array.from({ length: count }, (_, k) => k);
  for (let k = count - 1; k > 0; k--) {
    const other = Math.floor(random.uniform() * (k + 1));
    [order[k], order[other]] = [order[other]!, order[k]!];
  }
  return order;
}
