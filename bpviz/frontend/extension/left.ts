// What a panel that goes on alone has come to, as values from which it is made again.

import type { Row } from "../src/protocol/program";
import type { RunState } from "../src/runs/state/run";
import type { PanelState } from "../src/state/panel";
import type { Values } from "../src/state/wire";
import { chosen } from "../src/state/wire";

/** The values that may be others than those with which a panel was made; a run's are in `run`. */
export function valuesNow(state: PanelState, run?: RunState): Values {
  const { frames } = state.content.value ?? {};
  if (!frames) return {};
  const { canUndo, canRedo } = state.changing;
  return {
    ...Object.fromEntries(
      Object.entries(chosen(state, run)).map(([name, one]) => [name, one.value]),
    ),
    ...state.asking.told.value,
    ...((canUndo.value || canRedo.value) && {
      _frames: joined(frames.rows),
      _bare: true,
      _firsts: [...state.changing.firsts.value.values()],
    }),
    ...(run && { ...trained(state, run), ...switched(state, run) }),
  };
}

/** Of a run that the page has made: enough to make it again. */
function trained(state: PanelState, { training }: RunState): Values {
  const { program, lastProgram, total, run } = state.content.value!;
  const [origin, status, pins] = [
    training.origin.value,
    training.status.value,
    training.pins.value,
  ];
  if (!training.settings.value) return {};
  const values = {
    _pinned: pins.map(({ name, losses }) => ({ name, epochs: losses.length })),
    _pinned_losses: joined(pins.map(({ losses }) => losses)),
    _pace: training.pace.value,
  };
  if (!training.isPages.value || !origin) return values;
  return {
    ...values,
    _pages: true,
    _program: program,
    _last_program: lastProgram ?? {},
    _total_frames: total,
    _updates_per_epoch: run.updatesPerEpoch,
    _settings: training.settings.value,
    _mistake_choices: training.choices.value,
    _start_row: origin.start,
    _orders: origin.orders ?? undefined,
    _status: status === "running" ? "paused" : status,
    _stopped: training.stopped.value,
    _losses: undefined,
    _frames: undefined,
    _first_frame: undefined,
  };
}

/** Of a bug lab in which the page has switched mistakes: the rest it computes. */
function switched(state: PanelState, { lab }: RunState): Values {
  const { isPages, program, choices } = lab.content.value ?? {};
  if (!isPages) return {};
  return {
    _program: program,
    _frames: joined(state.content.value!.frames.rows),
    _mistake_choices: choices,
    _checks: undefined,
    _differences: undefined,
    _losses: undefined,
  };
}

function joined(rows: readonly Row[]): Float64Array {
  return Float64Array.from(rows.flatMap((row) => [...row]));
}
