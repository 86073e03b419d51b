// Which update of a run is chosen, and the way to its steps or back.

import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { countText } from "../program/numbers";
import { Button } from "../ui/Button";
import { usePanel } from "../ui/context";
import { useRun } from "./context";
import { isGoing } from "./RunControls";
import { epochsBegun } from "./fields";
import { lossWords } from "./words";

export function UpdateRow(): VNode {
  const state = usePanel();
  const { place, replay, stepping } = useRun();
  const { total, run } = state.content.value!;
  const per = run.updatesPerEpoch;
  const frame = state.frame.value;
  const { epoch, update } = place.value;
  return (
    <div class="bpviz-update-row">
      {stepping.value && <Door opens={false} />}
      <div class="bpviz-buttons" role="group" aria-label="Updates">
        <Button
          icon="first"
          label="First update"
          disabled={frame === 0}
          onClick={() => state.setFrame(0)}
        />
        <Button
          icon="back"
          label="Previous update"
          disabled={frame === 0}
          onClick={() => state.setFrame(frame - 1)}
        />
        {!stepping.value && (
          <Button
            icon={replay.playing.value ? "pause" : "play"}
            label={replay.playing.value ? "Pause the replay (Space)" : "Replay from here (Space)"}
            disabled={total < 2}
            onClick={() => replay.toggle()}
          />
        )}
        <Button
          icon="forward"
          label="Next update"
          disabled={frame >= total - 1}
          onClick={() => state.setFrame(frame + 1)}
        />
        <Button
          icon="last"
          label="Last update"
          disabled={frame >= total - 1}
          onClick={() => state.setFrame(total - 1)}
        />
      </div>
      {per > 1 && total > 0 && (
        <UpdateChooser
          update={update}
          per={per}
          made={Math.min(per, total - (epoch - 1) * per)}
          onChoose={(to) => state.setFrame((epoch - 1) * per + to - 1)}
        />
      )}
      <Where />
      {total > 0 && !stepping.value && <Door opens />}
    </div>
  );
}

/** Opens the steps of the chosen update in the place of the run, or closes them. */
function Door({ opens }: { opens: boolean }): VNode {
  const numbers = usePanel().numbers.value;
  const run = useRun();
  const { epoch, update } = run.place.value;
  return (
    <button
      type="button"
      class={`bpviz-button bpviz-text-button bpviz-door ${opens ? "bpviz-main" : ""}`}
      title={opens ? undefined : "Back to the run (Esc)"}
      onClick={() => run.showSteps(opens)}
    >
      {opens
        ? `Step through epoch ${countText(epoch, numbers)}, update ${countText(update, numbers)} →`
        : "← Back to the run"}
    </button>
  );
}

function Where(): VNode {
  const state = usePanel();
  const content = state.content.value!;
  const { run, total, names } = content;
  const numbers = state.numbers.value;
  const per = run.updatesPerEpoch;
  const { place, replay, training } = useRun();
  const { epoch, update } = place.value;
  const isMoving = replay.playing.value || isGoing(training, state.offline.value);
  // An epoch that is under way has no loss yet.
  const loss = run.losses[epoch - 1];
  const said = loss !== undefined && ` ${lossWords(run.lossName, loss, numbers)}.`;
  const name = names[state.frame.value] ?? (names.length === per ? names[update - 1] : undefined);
  return (
    <p class="bpviz-where" aria-live={isMoving ? "off" : "polite"}>
      {total ? (
        <>
          <b>
            Epoch {countText(epoch, numbers)} of {countText(epochsBegun(content), numbers)}
          </b>
          , update {countText(update, numbers)} of {countText(per, numbers)}.{said}
          {name && <span> {name}</span>}
        </>
      ) : (
        "This is the untrained network; its first update opens here once it is made."
      )}
    </p>
  );
}

interface UpdateChooserProps {
  update: number;
  per: number;
  /** How many of the epoch's are made. */
  made: number;
  onChoose(update: number): void;
}

function UpdateChooser({ update, per, made, onChoose }: UpdateChooserProps): VNode {
  const numbers = usePanel().numbers.value;
  // An epoch may have thousands of updates; what is the same as before is not compared again.
  const options = useMemo(
    () =>
      Array.from({ length: per }, (_, k) => (
        <option key={k} value={String(k + 1)} disabled={k >= made}>
          update {countText(k + 1, numbers)}
        </option>
      )),
    [per, made, numbers],
  );
  return (
    <label class="bpviz-chooser">
      <span class="bpviz-hidden">Update within the epoch</span>
      <select
        value={String(update)}
        onChange={(event) => onChoose(Number(event.currentTarget.value))}
      >
        {options}
      </select>
    </label>
  );
}
