// What the browser finds out about single numbers of an update, for Python's test of functions,
// losses and mistakes from outside: a line of JSON with a program, a row and refs gets a line back.

import { createInterface } from "node:readline";
import { Frame } from "../src/program/frame";
import { checkGradient } from "../src/program/gradients";
import { pathsOf } from "../src/program/paths";
import { originOf, resultsOf, sourcesOf } from "../src/program/provenance";
import { writesOf } from "../src/program/steps";
import { parseRef } from "../src/program/refs";
import { decodeNumbers } from "../src/protocol/program";
import type { Program } from "../src/protocol/program";

interface Question {
  program: Program;
  row: string;
  refs: string[];
}

for await (const line of createInterface(process.stdin)) {
  const { program, row, refs } = JSON.parse(line) as Question;
  const numbers = decodeNumbers(Uint8Array.from(atob(row), (byte) => byte.charCodeAt(0)));
  const frame = new Frame(program, numbers);
  const answers = refs.map((name) => {
    const ref = parseRef(name)!;
    const step = originOf(program, { ...ref, register: `g${ref.register}` })!;
    return {
      made: writesOf(program, step),
      sources: sourcesOf(program, step),
      results: resultsOf(program, ref),
      paths: pathsOf(frame, ref).mean,
      check: checkGradient(frame, ref),
    };
  });
  console.log(JSON.stringify(answers));
}
