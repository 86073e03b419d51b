// Makes programs from the forms that come from Python, one request a line, and says them: the
// browser's side of tests/explain/test_forms.py.

import { createInterface } from "node:readline";
import type { Forms, Switches } from "../src/program/forms";
import { programUnder } from "../src/program/forms";
import type { Mistake, Program } from "../src/protocol/program";

interface Request {
  forms: Forms;
  like: Program;
  known: Mistake[];
  samples: number;
  wanted: Switches[];
}

for await (const line of createInterface(process.stdin)) {
  const { forms, like, known, samples, wanted } = JSON.parse(line) as Request;
  const programs = wanted.map((switches) => programUnder(forms, like, switches, known, samples));
  console.log(JSON.stringify(programs));
}
