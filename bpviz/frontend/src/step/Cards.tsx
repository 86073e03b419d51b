// The cards of the diagram: inputs, units with their numbers and bars, target and loss.

import type { VNode } from "preact";
import type { Card, Density, Geometry } from "./geometry";
import { CURVE_CARD, cardLines } from "./geometry";
import type { Program } from "../protocol/program";
import { registerOf } from "../protocol/program";
import { formatNumber } from "../program/numbers";
import { unitKey } from "../program/paths";
import { refKey } from "../program/refs";
import { nameOf } from "../program/words";
import type { PanelState } from "../state/panel";
import { ActivationCurve } from "./ActivationCurve";
import { Following, useReplaced } from "./Edges";
import { Bar } from "../ui/Bar";
import { Value } from "../ui/Value";
import { useDerived, usePanel } from "../ui/context";
import { phaseClass } from "../ui/phases";
import { Variable, shortName } from "../ui/symbols";
import { place } from "./place";

/** A wider card has room for a mark before a new bias, which has the place of the old one. */
const MARKED_CARD = { wide: Infinity, flat: 200, compact: 0 };

/** The size of a full bar of a register: 1, or as large as its largest number. */
export function fullBar(state: PanelState, register: string, least: number): number {
  const frame = state.values.value;
  const units = frame?.program.registers[register]?.shape.at(-1) ?? 0;
  let most = least;
  for (let unit = 0; unit < units; unit++) {
    const size = Math.abs(frame!.value({ register, indices: [unit] }));
    if (size > most) most = size;
  }
  return most;
}

export function InputCard({ card }: { card: Card }): VNode {
  const state = usePanel();
  const name = refKey({ register: "x", indices: [card.unit] });
  const full = useDerived(() => fullBar(state, "x", 1), [state]);
  const lit = useLit(0, card.unit);
  return (
    <div class={`bpviz-card bpviz-input${lit}`} style={place(card)}>
      <div class="bpviz-line">
        <span title={`input ${card.unit + 1}`}>
          <Variable letter="x" below={String(card.unit + 1)} />
        </span>
        <Value name={name} />
      </div>
      <Bar name={name} full={full} />
    </div>
  );
}

/** The class of a unit that a path to the loss goes through, while that is shown. */
function useLit(layer: number, unit: number): string {
  const { lit } = usePanel().attention;
  const isLit = useDerived(() => lit.value.has(unitKey(layer, unit)), [lit, layer, unit]);
  return isLit ? " bpviz-on-path" : "";
}

interface UnitCardProps {
  card: Card;
  program: Program;
  density: Density;
}

export function UnitCard({ card, program, density }: UnitCardProps): VNode {
  const state = usePanel();
  const { layer, unit } = card;
  const { forward, backward } = cardLines(program, layer);
  const lines = [...forward, ...backward];
  const now = useDerived(() => {
    const { operation, indices } = state.step.value ?? {};
    const isHere = operation && lines.includes(operation.writes) && (indices?.[0] ?? unit) === unit;
    return isHere ? ` bpviz-card-now ${phaseClass(operation.phase)}` : "";
  }, [state, program, layer, unit]);
  const lit = useLit(layer, unit);
  const line = (register: string): VNode => (
    <Line key={register} {...{ register, unit, program, density }} />
  );
  const isDrawn = density.name === "wide" && density.card >= CURVE_CARD;
  return (
    <div class={`bpviz-card bpviz-unit bpviz-${density.name}-unit${now}${lit}`} style={place(card)}>
      <span class="bpviz-hidden">
        Unit {unit + 1} of layer {layer}
      </span>
      {isDrawn && <ActivationCurve {...{ program, layer, unit }} />}
      <div class="bpviz-sides">
        <div class="bpviz-side bpviz-forward-side">{forward.map(line)}</div>
        <div class="bpviz-side bpviz-backward-side">{backward.map(line)}</div>
      </div>
    </div>
  );
}

interface LineProps {
  register: string;
  unit: number;
  program: Program;
  density: Density;
}

/** A number of a unit: its name, its size, itself. The name comes with the number. */
function Line({ register, unit, program, density }: LineProps): VNode {
  const state = usePanel();
  const { quantity, layer, shape } = registerOf(program, register);
  const isMatrix = quantity === "s" && shape.length === 3;
  const indices = isMatrix ? [unit, unit] : [unit];
  const isThere = useDerived(
    () =>
      state.isKnown({ register, indices }) ||
      state.step.value?.operation.writes === register ||
      state.values.value?.hides({ register, indices }) === true,
    [state, register, unit],
  );
  const name = refKey({ register, indices });
  const isNew = useReplaced(
    register,
    indices,
    quantity === "b" && density.card > MARKED_CARD[density.name],
  );
  const title = isMatrix
    ? `∂h/∂a of this unit itself; the whole row has ${shape[2]} numbers`
    : undefined;
  const letter = shortName(program.quantities[quantity]!);
  const below = letter.length > 1 ? undefined : `${layer},${unit + 1}`;
  return (
    <div class={isThere ? "bpviz-line" : "bpviz-line bpviz-later"}>
      <span class="bpviz-quantity" title={nameOf(program, { register, indices })}>
        <Variable letter={letter} below={below} />
      </span>
      {(quantity === "h" || quantity === "d") && <LineBar {...{ quantity, register, name }} />}
      {quantity === "b" && (density.name === "wide" || isNew) && (
        <Following parameter={register} indices={indices} />
      )}
      {!isNew && <Value name={name} title={title} />}
    </div>
  );
}

/** Activations and deltas have bars; between the other numbers there is nothing to compare. */
function LineBar(props: { quantity: string; register: string; name: string }): VNode {
  const state = usePanel();
  const { quantity, register, name } = props;
  const full = useDerived(
    () => fullBar(state, register, quantity === "h" ? 1 : 0),
    [state, register, quantity],
  );
  return <Bar name={name} full={full} />;
}

export function LossCard({ geometry }: { geometry: Geometry }): VNode {
  const outputs = geometry.columns.at(-1)!;
  const hidden = outputs.units - outputs.cards.length;
  return (
    <>
      <div
        class="bpviz-heading"
        style={{ left: `${geometry.loss.x}px`, width: `${geometry.loss.width}px` }}
      >
        <b>Loss</b> {hidden > 0 && `${outputs.units} targets`}
      </div>
      <div class="bpviz-card bpviz-loss" style={place(geometry.loss)}>
        {outputs.cards.map(({ unit }) => (
          <div class="bpviz-line" key={unit}>
            <span title={`target ${unit + 1}`}>
              <Variable letter="y" below={String(unit + 1)} />
            </span>
            <Value name={refKey({ register: "y", indices: [unit] })} />
          </div>
        ))}
        <LossLine />
      </div>
    </>
  );
}

function LossLine(): VNode {
  const state = usePanel();
  const isThere = useDerived(() => state.isKnown({ register: "loss", indices: [] }), [state]);
  return (
    <div class={`bpviz-line bpviz-total${isThere ? "" : " bpviz-later"}`}>
      <span class="bpviz-quantity" title="loss of the sample">
        <Variable letter="L" />
      </span>
      <Value name="loss" />
    </div>
  );
}

/** What stands above the units of a layer: its name, its function, the size of a full bar. */
export function LayerHeading({ program, layer }: { program: Program; layer: number }): VNode {
  const state = usePanel();
  const full = useDerived(() => {
    const of = (register: string, least: number): number | null => {
      const unit = { register, indices: [0] };
      return state.isKnown(unit) ? fullBar(state, register, least) : null;
    };
    return { h: of(`h${layer}`, 1), d: of(`d${layer}`, 0) };
  }, [state, program, layer]);
  if (layer === 0) return <b>Input</b>;
  const last = layer === program.network.activations.length;
  const style = { ...state.numbers.value, digits: 2, fractions: false };
  const bars = [
    full.h !== null && `${program.quantities["h"]!.letter} ${formatNumber(full.h, style)}`,
    full.d ? `δ ${formatNumber(full.d, style)}` : null,
  ].filter(Boolean);
  return (
    <>
      <span>
        <b>{last ? "Output" : `Hidden layer ${layer}`}</b> {program.network.activations[layer - 1]}
      </span>
      {bars.length > 0 && <span class="bpviz-full">full bar: {bars.join(", ")}</span>}
    </>
  );
}
