// The programs of a run by some settings, as far as the page can make them.

import { programUnder, sizesOf } from "../../program/forms";
import { whyNotCarried } from "../../program/run";
import type { Content } from "../../protocol/content";
import type { Settings } from "../../protocol/messages";
import type { TrainingState } from "./training";

/** What a change of one of these needs another program for. */
const OTHER_PROGRAM = [
  "update",
  "train_biases",
  "mistakes",
  "optimizer",
  "batch_size",
] as const satisfies readonly (keyof Settings)[];

/** The programs of a run: those there are, or others; null where only Python can make them. */
export function programsOf(
  content: Content,
  training: TrainingState,
  settings: Settings,
): Pick<Content, "program" | "lastProgram"> | null {
  const { program, lastProgram } = content;
  const [before, origin] = [training.settings.value!, training.origin.value];
  const isSame = OTHER_PROGRAM.every((name) => String(before[name]) === String(settings[name]));
  if (isSame) return { program, lastProgram };
  const [forms, known] = [training.forms.value, training.choices.value];
  if (!forms || !origin) return null;
  const all = origin.inputs.length / program.network.sizes[0]!;
  const samples = Math.min(settings.batch_size, all);
  const rest = all % samples;
  const made = programUnder(forms, program, settings, known, samples);
  const last = rest ? programUnder(forms, program, settings, known, rest) : null;
  if (!made || (rest && !last) || whyNotCarried(made)) return null;
  return { program: made, lastProgram: last };
}

/** The sizes of a batch that the page has programs for. */
export function batchSizes(content: Content, training: TrainingState): number[] {
  const [settings, forms] = [training.settings.value!, training.forms.value];
  return sizesOf(forms ?? { sizes: [], operations: [] }).filter(
    (batch_size) => programsOf(content, training, { ...settings, batch_size }) !== null,
  );
}
