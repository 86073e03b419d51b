import { expect, test } from "vitest";
import { decode85 } from "../../src/protocol/base85";
import { bunzip } from "../../src/protocol/bunzip";

// As Python's bz2 packs them, in base 85; the last one in blocks of 100 kB.
const PACKED: Record<string, string> = {
  "LRx4!7ji{7P>=us000": "",
  "LRx4!F+o`-Q&}04n`;070096X03ZM%7)FBbNT&)C12S`MU;": "a",
  "LRx4!F+o`-Q&},0xnKYQ1)WVm0DuAj1RwwqKm-5)0T2Kn03o5Fri1{&8#)kSynZg^ig2MIW0`Wm": "δ = ∂L/∂a",
  "LRx4!F+o`-Q(1@-Go}Cl0zm*k03ZM$03iT^3m0-lI8cy?5;LX": "aaaa",
  "LRx4!F+o`-Q(3!qPznG51yKON001B`000Oe03oNQkY,9(99|PXF64@Ep&@qcpcD": "a".repeat(300) + "bbbaaaab",
  "LRx4sF+o`-Q(2tN1^)m&1(AS2063}C03ZO6AZQu^N};1oG{}?}Q7A1$puCAeU`h),B2Zh2L3,K{_(}@`P+N&Xa}t8wN()gaEX1I{F+o`-Q&|aF,D38vtPy}f063}C03ZO6AZQu_YN*IG)5@T*5VR1x2w4bSK?`9Ez=ictS,ph*Lcl`ULeN6=A$~68ig2MIVTaJh":
    "backpropagation ".repeat(7000),
};

test.each(Object.entries(PACKED))("%j is unpacked", (packed, text) => {
  expect(bunzip(decode85(packed))).toBe(text);
});
