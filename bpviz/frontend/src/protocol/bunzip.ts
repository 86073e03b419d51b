// Unpacks what Python's bz2 packs: a text sorted by what follows each character (Burrows and
// Wheeler), each character as its place among the latest ones, and these in Huffman codes. So a page
// is a tenth smaller than with what the browser unpacks by itself.

/** Begins a block. */
const BLOCK = 0x314159;
/** Symbols that one table is chosen for. */
const AT_ONCE = 50;
/** Bits of a code. */
const LONGEST = 20;
/** Bytes of a block. */
const MOST = 900_000;

/** What is read from a code of each length. */
interface Table {
  /** The first code that is longer, with zeros behind it up to `LONGEST` bits. */
  ends: number[];
  /** From a code to the place of its symbol. */
  shifts: number[];
  symbols: number[];
}

export function bunzip(packed: Uint8Array): string {
  let place = 32; // in bits, after what kind of file it is
  const ahead = (): number => {
    const at = place >> 3;
    const high = (packed[at]! << 24) | (packed[at + 1]! << 16);
    return ((high | (packed[at + 2]! << 8) | packed[at + 3]!) << (place & 7)) >>> (32 - LONGEST);
  };
  const read = (bits: number): number => {
    const number = ahead() >> (LONGEST - bits);
    place += bits;
    return number;
  };
  const flags = (): number[] => [...Array(16).keys()].filter(() => read(1));
  const ones = (): number => {
    let count = 0;
    while (read(1)) count++;
    return count;
  };
  const readTable = (size: number): Table => {
    let length = read(5);
    const lengths = Array.from({ length: size }, () => {
      while (read(1)) length += read(1) ? -1 : 1;
      return length;
    });
    const symbols = [...lengths.keys()].sort((one, other) => lengths[one]! - lengths[other]!);
    const ends: number[] = [];
    const shifts: number[] = [];
    let end = 0;
    let before = 0;
    for (let bits = 0; bits <= LONGEST; bits++) {
      const count = lengths.filter((one) => one === bits).length;
      shifts.push(before - (end >> (LONGEST - bits)));
      before += count;
      ends.push((end += count << (LONGEST - bits)));
    }
    return { ends, shifts, symbols };
  };

  const sorted = new Uint8Array(MOST);
  // A character may begin in one block and end in the next.
  const decoder = new TextDecoder();
  let text = "";
  while (((read(12) << 12) | read(12)) === BLOCK) {
    place += 24 + 33; // the rest of that, a check sum, and what only the first version had
    const origin = (read(12) << 12) | read(12);
    const latest = flags().flatMap((high) => flags().map((low) => 16 * high + low));
    const end = latest.length + 1;
    const order = [...Array(read(3)).keys()];
    const chosen = Array.from({ length: read(15) }, () => toFront(order, ones()));
    const tables = order.map(() => readTable(end + 1));
    let size = 0;
    let run = 0;
    let weight = 1;
    for (let k = 0, symbol = 0; symbol !== end; k++) {
      const { ends, shifts, symbols } = tables[chosen[Math.floor(k / AT_ONCE)]!]!;
      const code = ahead();
      let length = 1;
      while (code >= ends[length]!) length++;
      place += length;
      symbol = symbols[(code >> (LONGEST - length)) + shifts[length]!]!;
      if (symbol < 2) {
        run += weight << symbol;
        weight *= 2;
        continue;
      }
      if (run) sorted.fill(latest[0]!, size, (size += run));
      run = 0;
      weight = 1;
      if (symbol !== end) sorted[size++] = toFront(latest, symbol - 1);
    }
    for (const part of lengthened(inOrder(sorted.subarray(0, size), origin)))
      text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}

/** Return what is at a place, and put it to the front. */
function toFront(list: number[], place: number): number {
  const one = list[place]!;
  for (let k = place; k; k--) list[k] = list[k - 1]!;
  list[0] = one;
  return one;
}

/** Put characters that were sorted by what follows them into their order again. */
function inOrder(sorted: Uint8Array, origin: number): Uint8Array {
  const starts = new Uint32Array(257);
  for (let k = 0; k < sorted.length; k++) starts[sorted[k]! + 1]!++;
  for (let k = 1; k < 257; k++) starts[k]! += starts[k - 1]!;
  // Each character, and in the upper bits the place of the next.
  const chain = new Uint32Array(sorted);
  for (let k = 0; k < sorted.length; k++) chain[starts[sorted[k]!]!++]! |= k << 8;
  const ordered = new Uint8Array(sorted.length);
  for (let k = 0, place = chain[origin]! >> 8; k < ordered.length; k++) {
    const entry = chain[place]!;
    ordered[k] = entry;
    place = entry >> 8;
  }
  return ordered;
}

/** After four of a kind a block says how many more there are. */
function lengthened(ordered: Uint8Array): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let same = 1;
  let start = 0;
  for (let k = 1; k < ordered.length; k++) {
    if (ordered[k] !== ordered[k - 1]) same = 1;
    else if (++same === 4) {
      const more = new Uint8Array(ordered[k + 1]!).fill(ordered[k]!);
      parts.push(ordered.subarray(start, k + 1), more);
      start = k + 2;
      k = start;
      same = 1;
    }
  }
  return [...parts, ordered.subarray(start)];
}
