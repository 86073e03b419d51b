// A run: its loss curve beside its decision surface, the choice of an update, and more views.

import type { VNode } from "preact";
import { useLayoutEffect, useMemo } from "preact/hooks";
import { usePanel } from "../ui/context";
import { useRun } from "./context";
import { CurveLegend } from "./CurveLegend";
import { epochsBegun, leavesPlot, lossCeiling } from "./fields";
import { HEIGHT, LossCurve } from "./LossCurve";
import { RunControls } from "./RunControls";
import { RunHead } from "./RunHead";
import { RunHelp } from "./RunHelp";
import { RunSettings } from "./RunSettings";
import { RunTabs, SurfaceView } from "./RunViews";
import { UpdateRow } from "./UpdateRow";
import { WhyAlone } from "./WhyAlone";

export function RunView(): VNode {
  const state = usePanel();
  const run = useRun();
  const { training, scrub } = run;
  const { program } = state.content.value!;
  const isLive = training.settings.value !== null;
  const hasSurface = program.network.sizes[0] === 2 && isLive && run.shows("surface");
  const hasCurve = run.shows("loss");
  useLayoutEffect(() => {
    scrub.visible.value = true;
    return () => (scrub.visible.value = false);
  }, []);
  return (
    <>
      <RunHead />
      <RunSettings />
      <RunHelp />
      <RunControls />
      <div class={hasSurface && hasCurve ? "bpviz-run-grid" : "bpviz-run-grid bpviz-flat"}>
        {hasCurve && <Curves />}
        {hasSurface && <SurfaceView />}
        <UpdateRow />
        {isLive && <RunTabs />}
      </div>
      <WhyAlone />
    </>
  );
}

/** A line below the curve takes so many pixels from it, so that nothing else moves. */
const LEAVING = 20;

function Curves(): VNode {
  const state = usePanel();
  const { training, place } = useRun();
  const content = state.content.value!;
  const { run } = content;
  const { losses } = run;
  const pins = training.pins.value;
  const ceiling = useMemo(
    () => lossCeiling([losses, ...pins.map((pin) => pin.losses)]),
    [losses, pins],
  );
  const numbers = state.numbers.value;
  const leaving = useMemo(
    () => leavesPlot(losses, ceiling, "the loss", numbers),
    [losses, ceiling, numbers],
  );
  const logarithmic = training.logarithmic.value;
  const tellsLeaving = leaving !== "" && !logarithmic;
  const per = run.updatesPerEpoch;
  const { epoch, update } = place.value;
  return (
    <section class="bpviz-run" aria-label="Training run">
      <div class="bpviz-view-head">
        <h3>Loss</h3>
        {training.settings.value && <CurveLegend />}
      </div>
      <LossCurve
        curves={[{ name: "this run", losses }, ...pins]}
        name={run.lossName}
        epoch={epoch}
        epochs={epochsBegun(content)}
        logarithmic={logarithmic}
        ceiling={ceiling}
        constant={run.constant}
        height={tellsLeaving ? HEIGHT - LEAVING : HEIGHT}
        onChoose={(to) => state.setFrame(Math.min((to - 1) * per + update, content.total) - 1)}
      />
      {tellsLeaving && (
        <p class="bpviz-soft" style={{ minHeight: `${LEAVING}px` }}>
          {leaving}
        </p>
      )}
    </section>
  );
}
