// A training panel that goes on by itself: it makes the run in the page, and answers what Python
// would be asked.

import type { ReadonlySignal } from "@preact/signals";
import { batch, effect, signal, untracked } from "@preact/signals";
import type { Asker, Handlers } from "../../protocol/exchange";
import { givenAgain } from "../../program/begin";
import { PageRun } from "../../program/run";
import { RandomState } from "../../program/random";
import type { Kind, Messages, Settings } from "../../protocol/messages";
import type { Content } from "../../protocol/content";
import type { Row } from "../../protocol/program";
import { registerOf, sizeOf } from "../../protocol/program";
import type { PanelState } from "../../state/panel";
import { frameOf, momentOf, samplesOf, updatesIn, waysOf } from "./answers";
import { choicesUnder } from "./choices";
import type { Cut } from "./landscape";
import { landscapeOf, whyFlat } from "./landscape";
import { programsOf } from "./programs";
import { progress } from "./progress";
import { Sliced } from "./slices";
import type { TrainingState } from "./training";
import { divergenceWords, runName } from "../words";

const SECONDS_OF_WORK = 0.012;
const SECONDS_BETWEEN_REPORTS = 1 / 30;
/** While a run goes on, its landscape rests for so many milliseconds after each, and so many times
 * as long as it took. */
const REST = 500;
const RESTS = 4;

/** What stands in for Python behind a training panel; without the samples it can do nothing. */
export class Alone {
  private run: PageRun | null = null;
  /** The content that the run belongs to, by its frames. */
  private of: Content["frames"] | null = null;
  private wanted = 0;
  /** What is to be done once the run is as far as what is shown. */
  private waiting: { act(run: PageRun): void; onward(run: PageRun): void }[] = [];
  private readonly slices = new Sliced();
  private cut: Cut | null = null;
  private cuts = 0;
  /** What was asked of the views last. */
  private views: Messages["views"] | null = null;
  private isDrawing = false;
  /** Who waits for the landscape after the one that is being made. */
  private next: Partial<Asker<"landscape">> | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly state: PanelState,
    private readonly training: TrainingState,
  ) {}

  /** What the page answers; where it can make no run, what it needs none for. */
  get handlers(): Handlers {
    return this.training.fixed.peek() ? this.beside : this.all;
  }

  private readonly beside: Handlers = {
    pace: ({ pace }) => void (this.training.pace.value = pace),
    pin: () => {
      const { pins, settings, choices } = this.training;
      const name = runName(settings.value!, choices.value);
      const losses = this.state.content.value!.run.losses.slice();
      pins.value = [...pins.value, { name, losses }];
    },
    unpin: ({ index }) => {
      const { pins } = this.training;
      pins.value = pins.value.filter((_, k) => k !== index);
    },
  };
  private readonly all: Handlers = {
    ...this.beside,
    samples: (_, asker) => asker.answered?.(...samplesOf(this.present())),
    landscape: (_, asker) => this.landscape(asker),
    frames: (asked, asker) =>
      this.reach(
        () => [asked.start],
        (run) => asker.answered?.(...frameOf(run, asked)),
        asker,
      ),
    views: (asked, asker) => {
      this.views = asked;
      this.reach(
        (run) => updatesIn(run, asked),
        (run) => {
          // While the run is made again, several wait; an older one may come last.
          if (this.views === asked) asker.answered?.(...momentOf(run, asked, this.cut));
        },
        asker,
      );
    },
    trajectories: (asked, asker) =>
      this.reach(
        (run) => [run.rmse.length * run.updatesPerEpoch],
        (run) => asker.answered?.(...waysOf(run, asked)),
        asker,
      ),
    run: () => this.go(),
    pause: () => void (this.wanted = 0),
    update: () => this.advance(() => 1),
    epoch: () => this.advance((updates, { updatesPerEpoch: per }) => per - (updates % per)),
    reset: () => this.begin(this.training.origin.value!.start, {}),
    new_start: ({ seed }) => this.begin(this.drawn(seed), { start_seed: seed }),
    settings: ({ settings }) => this.change(settings),
  };

  /** The run of the present content, which may have to be made up to where it is. */
  private present(): PageRun {
    const content = this.state.content.peek()!;
    if (this.run && this.of === content.frames) return this.run;
    const { origin, settings } = this.training;
    const { program, lastProgram } = content;
    const { shuffle, seed } = settings.value!;
    const plan = { program, lastProgram, ...origin.value!, seed: shuffle ? seed : null };
    return this.take(new PageRun(plan), content.frames);
  }

  /** Have another run in the place of the one before, for which nobody waits any more. */
  private take(run: PageRun, frames: Content["frames"]): PageRun {
    this.of = frames;
    this.wanted = 0;
    this.waiting = [];
    return (this.run = run);
  }

  /** Make again what is not carried: the run is shown as it grows. */
  follow(): () => void {
    return effect(() => {
      const { content, offline } = this.state;
      const isMade = offline.value && !this.training.ended.value;
      if (!isMade || !this.training.isBare.value || !content.value?.total) return;
      untracked(() => {
        this.training.isBare.value = false;
        const show = ({ rmse }: PageRun): void => {
          const now = content.peek()!;
          content.value = { ...now, run: { ...now.run, losses: Float64Array.from(rmse) } };
        };
        this.after(show, undefined, show);
      });
    });
  }

  /** Do something once the run is as far as what is shown. */
  private after(
    act: (run: PageRun) => void,
    asker?: Pick<Partial<Asker<Kind>>, "refused">,
    onward: (run: PageRun) => void = () => undefined,
  ): void {
    const why = this.training.ended.peek();
    if (why) {
      asker?.refused?.(why);
      return;
    }
    const run = this.present();
    this.waiting.push({ act, onward });
    if (this.waiting.length === 1) this.catchUp(run);
  }

  /** Do something once all that leads up to some updates is made again: it may be a whole epoch. */
  private reach(
    wanted: (run: PageRun) => readonly number[],
    act: (run: PageRun) => void,
    asker: Pick<Partial<Asker<Kind>>, "refused">,
  ): void {
    this.after((run) => {
      const work = function* (): Generator<void> {
        for (const update of wanted(run)) yield* run.reach(update);
      };
      new Sliced().begin(work(), () => {
        if (run === this.run) batch(() => act(run));
      });
    }, asker);
  }

  /** Go on for all that wait: were each to make a slice of its own, a task would be several long. */
  private catchUp(run: PageRun): void {
    if (run !== this.run) return;
    const total = this.state.content.peek()!.total;
    run.advance(total, SECONDS_OF_WORK * 2);
    if (run.updates < total && !run.diverged) {
      this.waiting.forEach(({ onward }) => onward(run));
      setTimeout(() => this.catchUp(run));
      return;
    }
    const waited = this.waiting;
    this.waiting = [];
    batch(() => waited.forEach(({ act }) => act(run)));
  }

  /** Make the landscape of the run as it is; who asks meanwhile gets the one after it. */
  private landscape(asker: Partial<Asker<"landscape">>): void {
    if (this.isDrawing) {
      this.next = asker;
      return;
    }
    this.after((run) => {
      const why = whyFlat(run);
      if (why) {
        asker.refused?.(why);
        return;
      }
      const since = performance.now();
      let made: ReturnType<ReturnType<typeof landscapeOf>["next"]>;
      const steps = landscapeOf(run, ++this.cuts);
      this.isDrawing = true;
      this.slices.begin({ next: () => (made = steps.next()) }, () => {
        const found = made.value as Exclude<typeof made.value, void>;
        if (run === this.run) {
          if (typeof found === "string") asker.refused?.(found);
          else {
            this.cut = found.cut;
            asker.answered?.(...found.reply);
          }
        }
        const rest = run.updates < this.wanted ? REST + RESTS * (performance.now() - since) : 0;
        setTimeout(() => {
          this.isDrawing = false;
          const { next } = this;
          this.next = null;
          if (next) this.landscape(next);
        }, rest);
      });
    }, asker);
  }

  private go(): void {
    this.after((run) => {
      const all = this.training.settings.value!.epochs * run.updatesPerEpoch;
      this.training.status.value = "running";
      this.make(run, run.updates < all ? all : run.updates + all, this.training.pace);
    });
  }

  /** Go on by as many updates as are missing at some count; at once, or as a run if they take long. */
  private advance(missing: (updates: number, run: PageRun) => number): void {
    this.after((run) => {
      const from = Math.max(run.updates, this.wanted);
      this.make(run, from + missing(from, run), signal(0));
    });
  }

  /** Make so many updates in all, in slices, at so many updates in a second. */
  private make(run: PageRun, wanted: number, paceOf: ReadonlySignal<number>): void {
    this.wanted = wanted;
    this.training.isPages.value = true;
    let reported = performance.now();
    let [pace, since, from] = [NaN, 0, 0];
    const work = (): void => {
      if (run !== this.run) return;
      const now = paceOf.peek();
      if (now !== pace) [pace, since, from] = [now, performance.now(), run.updates + 1];
      const due = pace ? from + Math.floor((pace * (performance.now() - since)) / 1000) : Infinity;
      run.advance(Math.min(due, this.wanted), SECONDS_OF_WORK);
      if (run.updates >= this.wanted || run.diverged) {
        this.finish(run);
        return;
      }
      if (performance.now() - reported > 1000 * SECONDS_BETWEEN_REPORTS) {
        reported = performance.now();
        this.training.status.value = "running";
        this.report(run);
      }
      this.timer = setTimeout(work);
    };
    clearTimeout(this.timer);
    work();
  }

  /** Show how far the run is. */
  private report(run: PageRun): void {
    const known = this.state.content.peek()!.run.losses.length;
    const first = Math.min(known, run.rmse.length);
    if (!run.newest) return;
    progress(
      this.state,
      run.updates,
      first,
      Float64Array.from(run.rmse.slice(first)),
      run.newest.slice(),
    );
  }

  private finish(run: PageRun): void {
    const { training } = this;
    this.wanted = 0;
    batch(() => {
      this.report(run);
      training.isPages.value = true;
      training.stopped.value = divergenceWords(run, this.state.program.peek()!);
      training.status.value = run.diverged ? "stopped" : run.updates ? "paused" : "ready";
      this.state.setFrame(run.updates - 1);
    });
  }

  /** Start again, from the same start or another and perhaps by other settings. */
  private begin(start: Row, changed: Partial<Settings>): void {
    const { state, training } = this;
    const before = state.content.peek()!;
    const settings = { ...training.settings.value!, ...changed };
    const { program, lastProgram } = programsOf(before, training, settings)!;
    const first = givenAgain(before.program, start, program, settings.learning_rate);
    const frames = { first: 0, rows: [] };
    const { inputs, targets } = training.origin.value!;
    const seed = settings.shuffle ? settings.seed : null;
    batch(() => {
      const plan = { program, lastProgram, start: first, inputs, targets, seed };
      const { updatesPerEpoch } = this.take(new PageRun(plan), frames);
      training.origin.value = { start: first, inputs, targets, orders: null };
      training.settings.value = settings;
      training.choices.value = choicesUnder(
        training.choices.value,
        training.forms.value,
        program,
        settings.learning_rate,
        settings.optimizer,
      );
      this.cut = null;
      training.isPages.value = true;
      training.status.value = "ready";
      training.stopped.value = "";
      const run = { ...before.run, losses: new Float64Array(0), updatesPerEpoch };
      state.frame.value = 0;
      state.load({ ...before, program, lastProgram, frames, total: 0, run });
    });
  }

  private change(settings: Partial<Settings>): boolean {
    const wanted = { ...this.training.settings.value!, ...settings };
    if (!programsOf(this.state.content.peek()!, this.training, wanted)) return false;
    this.begin(this.training.origin.value!.start, settings);
    return true;
  }

  /** A start as Python draws it from a seed: for each layer the biases, then the weights. */
  private drawn(seed: number): Row {
    const start = this.training.origin.value!.start.slice();
    const { program } = this.state.content.peek()!;
    const random = new RandomState(seed);
    for (const layer of program.network.activations.keys()) {
      for (const name of [`b${layer + 1}`, `W${layer + 1}`]) {
        const register = registerOf(program, name);
        for (let k = 0; k < sizeOf(register); k++) start[register.start + k] = random.normal();
      }
    }
    return start;
  }
}
