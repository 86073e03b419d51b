// Programs, frames and step lists as Python makes them (make_fixtures.py).

import { readFileSync } from "node:fs";
import { Frame } from "../src/program/frame";
import { written } from "../src/program/notation";
import type { Variant } from "../src/program/variants";
import type { Questions } from "../src/state/predicting";
import type { Depth, Program, Row } from "../src/protocol/program";
import type { Notation } from "../src/protocol/style";

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
  /** The gradient check of the first frame: ref, analytic, numerical, note. */
  checks?: [string, number, number, string][];
  steps?: Record<Depth, PythonStep[]>;
  /** The script of the first frame, as Python writes it. */
  scripts?: Record<Notation["vectors"], string>;
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(`${import.meta.dirname}/fixtures/${name}.json`, "utf8"));
}

export function fixture(name: string): Fixture {
  const data = read(name) as Fixture & { frames: number[][] };
  return { ...data, frames: data.frames.map((row) => Float64Array.from(row)) };
}

/** The first frame of a fixture in a notation. */
export function frameOf(name: string, notation: Partial<Notation> = {}): Frame {
  const { program, frames } = fixture(name);
  const full: Notation = { vectors: "column", symbols: "a/h", ...notation };
  return new Frame(written(program, full), frames[0]!);
}

export const STEPPED = [
  ...["three_two_one", "xor", "xor_corrected", "softmax", "coupled", "batch"],
  ...["functions", "logistic", "damped", "kinked"],
];

/** The questions of three panels. */
export type Asked = "mixed" | "each" | "fading" | "whole" | "dirty";

export function predictions(): Record<Asked, Questions> {
  return read("predictions") as Record<Asked, Questions>;
}

/** What other rules compute otherwise, and the wrong numbers that Python finds in each frame. */
export interface WrongAnswers {
  variants: Variant[];
  wrong: Record<string, [value: number, mistakes: string[], slip: string][]>[];
}

export function wrongAnswers(): Record<string, WrongAnswers> {
  return read("wrong_answers") as Record<string, WrongAnswers>;
}

/** A run of XOR by the lecture's rule: all its updates, and the RMSE of each epoch. */
export function run(): { frames: Row[]; losses: number[]; updates_per_epoch: number } {
  const data = read("run") as { frames: number[][]; losses: number[]; updates_per_epoch: number };
  return { ...data, frames: data.frames.map((row) => Float64Array.from(row)) };
}
