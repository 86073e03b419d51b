// The bug lab without Python: the page makes the update of any switches, checks its gradients, and
// trains by it.

import { batch, effect } from "@preact/signals";
import type { Handlers } from "../../protocol/exchange";
import type { Switches } from "../../protocol/messages";
import type { Program, Row } from "../../protocol/program";
import { RATE, registerOf } from "../../protocol/program";
import { evaluatorOf } from "../../program/evaluate";
import { givenAgain } from "../../program/begin";
import { programUnder } from "../../program/forms";
import { checkedGradients, isWrong } from "../../program/gradients";
import { PageRun } from "../../program/run";
import type { PanelState } from "../../state/panel";
import { gapsBetween } from "../compare";
import { divergenceWords } from "../words";
import type { CheckRow, LabContent, LabState } from "./lab";
import { choicesUnder } from "./choices";
import { Sliced } from "./slices";

/** What stands in for Python behind a bug lab; without the forms of its update it can do nothing. */
export class LabAlone {
  private readonly curves = new Sliced();
  private readonly checks = new Sliced();
  /** The right run, where the page makes that, too. */
  private correct: PageRun | null = null;

  constructor(
    private readonly state: PanelState,
    private readonly lab: LabState,
  ) {}

  readonly handlers: Handlers = {
    rule: (switches, asker) => {
      const program = this.programOf(switches);
      if (!program) return false;
      batch(() => {
        this.show(program);
        asker.answered?.({}, []);
      });
      return true;
    },
  };

  /** Compute what was left out of the numbers that came, and the checks of each sample shown. */
  follow(): () => void {
    const stop = effect(() => {
      const content = this.lab.content.value;
      const frame = this.state.frame.value;
      if (!content?.isPages) return;
      if (!content.checks[frame]) this.check(content, frame);
    });
    const stopFilling = effect(() => {
      const content = this.lab.content.value;
      if (content?.isBare && content.rightRows.length) this.show(content.program);
    });
    return () => {
      stop();
      stopFilling();
      this.curves.stop();
      this.checks.stop();
    };
  }

  private programOf(switches: Switches): Program | null {
    const { forms, program, choices } = this.lab.content.peek()!;
    return forms && programUnder(forms, program, switches, choices);
  }

  /** Show the update of a program at once, and its curve when it is made. */
  private show(program: Program): void {
    const { state, lab } = this;
    const before = lab.content.peek()!;
    const rate = this.rateOf(before);
    const rows = before.rightRows.map((right) => begun(before.right, right, program, rate));
    const gaps: LabContent["gaps"] = [];
    const frames = { first: 0, rows };
    batch(() => {
      state.load({ ...state.content.peek()!, program, frames, total: rows.length }, (row) =>
        evaluatorOf(program).update(row),
      );
      rows.forEach((row, frame) => {
        const made = row.slice();
        evaluatorOf(program).update(made);
        gaps.push(gapsBetween(program, made, before.right, before.rightRows[frame]!));
      });
      lab.content.value = {
        ...before,
        program,
        gaps,
        checks: [],
        choices: choicesUnder(before.choices, before.forms, program, rate),
        isPages: true,
        isBare: false,
      };
    });
    this.train(program, rate, before.isBare);
  }

  private rateOf({ program, right, rightRows }: LabContent): number {
    const row = this.state.held.find(0);
    return row && row.length === program.size
      ? row[registerOf(program, RATE).start]!
      : rightRows[0]![registerOf(right, RATE).start]!;
  }

  private train(program: Program, rate: number, isBare: boolean): void {
    const { state, lab } = this;
    const { right, rightRows, rightLosses, epochs } = lab.content.peek()!;
    const samples = samplesOf(right, rightRows);
    const run = (of: Program): PageRun => {
      const start = begun(right, rightRows[0]!, of, rate);
      return new PageRun({ program: of, lastProgram: null, start, ...samples, seed: null });
    };
    const wrong = run(program);
    if (isBare && !rightLosses.length) this.correct = run(right);
    const { correct } = this;
    const show = (isDone: boolean): void =>
      batch(() => {
        const content = state.content.peek()!;
        const losses = Float64Array.from(wrong.rmse);
        state.content.value = { ...content, run: { ...content.run, losses } };
        lab.content.value = {
          ...lab.content.peek()!,
          stopped: divergenceWords(wrong, program),
          rightLosses: correct ? Float64Array.from(correct.rmse) : rightLosses,
        };
        lab.computing.value = !isDone;
      });
    this.curves.begin(
      trained(correct ? [wrong, correct] : [wrong], epochs),
      () => show(true),
      () => show(false),
    );
  }

  /** Check the gradients of a sample. */
  private check(content: LabContent, frame: number): void {
    const row = this.state.held.find(frame);
    if (!row) return;
    const rows: CheckRow[] = [];
    const work = function* (): Generator<void> {
      for (const compared of checkedGradients(content.program, row)) {
        const { ref, analytic, numerical, relativeError, note } = compared;
        rows.push({
          ref,
          analytic: finite(analytic),
          numerical: finite(numerical),
          relative_error: finite(relativeError),
          note,
          failed: isWrong(compared),
        });
        yield;
      }
    };
    this.checks.begin(work(), () => {
      const now = this.lab.content.peek()!;
      if (now.gaps !== content.gaps) return;
      const checks = [...now.checks];
      checks[frame] = rows;
      this.lab.content.value = { ...now, checks };
    });
  }
}

/** A row of another program, with what its update begins with. */
function begun(from: Program, given: Row, program: Program, rate: number): Row {
  const row = givenAgain(from, given, program, rate);
  evaluatorOf(program).begin(row);
  return row;
}

function samplesOf(program: Program, rows: readonly Row[]): Record<"inputs" | "targets", Row> {
  const all = (name: string): Row => {
    const { start, shape } = registerOf(program, name);
    const width = shape.at(-1)!;
    const made = new Float64Array(rows.length * width);
    rows.forEach((row, k) => made.set(row.subarray(start, start + width), k * width));
    return made;
  };
  return { inputs: all("x"), targets: all("y") };
}

function* trained(runs: readonly PageRun[], epochs: number): Generator<void> {
  for (const run of runs)
    while (run.rmse.length < epochs && !run.diverged) {
      run.advance(run.updates + 1);
      yield;
    }
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
