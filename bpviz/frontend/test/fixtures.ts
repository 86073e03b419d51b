// Programs, frames and step lists as Python makes them (make_fixtures.py).

import { readFileSync } from "node:fs";
import type { Depth, Program, Row } from "../src/protocol";

export interface PythonStep {
  writes: string[];
  reads: string[];
  words: string;
  code: string;
}

export interface Fixture {
  program: Program;
  frames: Row[];
  names: string[];
  counts: Record<Depth, number>;
  steps?: Record<Depth, PythonStep[]>;
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(`${import.meta.dirname}/fixtures/${name}.json`, "utf8"));
}

export function fixture(name: string): Fixture {
  const data = read(name) as Fixture & { frames: number[][] };
  return { ...data, frames: data.frames.map((row) => Float64Array.from(row)) };
}

export const STEPPED = ["three_two_one", "xor", "xor_corrected", "softmax", "coupled", "batch"];
