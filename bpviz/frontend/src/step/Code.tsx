// The script of the whole update, the line of the current step marked; below it the same step
// at its depth.

import type { RefObject, VNode } from "preact";
import { Component } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { HIDDEN } from "../program/frame";
import type { CodeLine, Token } from "../program/script";
import { openScript, scriptLines, scriptText, tokens } from "../program/script";
import type { PanelState } from "../state/panel";
import type { Step } from "../program/steps";
import { codeLine } from "../program/words";
import { useAttention } from "../ui/attention";
import { usePanel } from "../ui/context";
import { roleClass } from "../ui/math";
import { phaseClass } from "../ui/phases";
import { focused } from "../ui/focus";

/** Longer lines end where the box does: of so many numbers nobody reads the last. */
const LONG_LINE = 1_000;
/** Still longer ones would take long to lay out. What is copied is always whole. */
const LONGEST_LINE = 20_000;

const NOTHING: readonly CodeLine[] = [];

/** `untitled` where a tab names it. */
export function Code({ untitled = false }: { untitled?: boolean }): VNode | null {
  const state = usePanel();
  const box = useRef<HTMLDivElement>(null);
  const frame = state.values.value;
  const secret = state.asking.secret.value;
  const program = state.program.value;
  const script = useMemo(() => (program ? openScript(program, secret) : []), [program, secret]);
  const lines = useMemo(() => (frame ? scriptLines(frame, script) : []), [frame, script]);
  useMarks(state, box, frame ? script : NOTHING);
  const step = state.step.value;
  if (!program || !frame) return null;
  return (
    <section class="bpviz-pane bpviz-code-pane" data-view="code">
      <h3 class="bpviz-pane-title">
        {!untitled && <b>Code</b>} <span>NumPy, runs by itself; counts from 0</span>
        <Copy text={() => scriptText(lines)} box={box} />
      </h3>
      <div ref={box} class="bpviz-script" tabIndex={0} role="group" aria-label="Code">
        <pre>
          <code>
            {lines.map((line, k) => (
              <Line key={k} line={line} />
            ))}
          </code>
        </pre>
      </div>
      <StepLine step={step} />
    </section>
  );
}

/** A line of the script, drawn again only if it is another one. */
class Line extends Component<{ line: CodeLine }> {
  override shouldComponentUpdate({ line }: { line: CodeLine }): boolean {
    return line !== this.props.line;
  }

  override render({ line }: { line: CodeLine }): VNode {
    return (
      <span class={lineClass(line)} data-operation={line.operation ?? undefined}>
        {line.tokens.map((token) => drawn(short(token)))}
        {"\n"}
      </span>
    );
  }
}

/** The step as a line of NumPy, at its depth. */
export function StepLine({ step }: { step: Step | null }): VNode {
  const state = usePanel();
  const found = step ? tokens(state.program.value!, codeLine(step)) : [];
  return (
    <pre class="bpviz-code">
      <code>
        {step && state.asking.secret.value.has(step.operation.writes)
          ? HIDDEN
          : found.map((token) => drawn(token, state))}
      </code>
    </pre>
  );
}

function lineClass({ tokens }: CodeLine): string {
  const length = tokens.reduce((sum, { text }) => sum + text.length, 0);
  return `bpviz-script-line${length > LONG_LINE ? " bpviz-cut" : ""}`;
}

function short(token: Token): Token {
  if (token.text.length <= LONGEST_LINE) return token;
  return { ...token, text: `${token.text.slice(0, LONGEST_LINE)} …` };
}

function drawn({ text, ref, kind }: Token, state?: PanelState): VNode | string {
  if (ref) {
    const roles = state ? roleClass(state.roleOf(ref)) : undefined;
    return (
      <span class={roles} data-ref={ref}>
        {text}
      </span>
    );
  }
  return kind ? <span class={`bpviz-${kind}`}>{text}</span> : text;
}

/** Mark the line of the step and bring it into the box; light up what is pointed at. */
function useMarks(
  state: PanelState,
  box: RefObject<HTMLDivElement | null>,
  script: readonly CodeLine[],
): void {
  const step = state.step.value;
  const order = step?.order;
  useLayoutEffect(() => {
    const line = lineOf(box.current, order);
    if (!line) return;
    const marks = ["bpviz-now", phaseClass(step?.operation.phase)];
    line.classList.add(...marks);
    line.ariaCurrent = "step";
    return () => {
      line.classList.remove(...marks);
      line.ariaCurrent = null;
    };
  }, [script, order]);
  // Other numbers in the same lines are no reason to scroll. What is asked here lays the page
  // out, so it waits until all views have changed: else that would be done twice.
  useLayoutEffect(() => {
    const request = requestAnimationFrame(() => {
      const line = lineOf(box.current, order);
      if (line) bringInto(box.current!, line);
      else box.current?.scrollTo({ top: 0 });
    });
    return () => cancelAnimationFrame(request);
  }, [script.length, order]);
  useAttention(box, script);
}

function lineOf(box: HTMLElement | null, order: number | undefined): HTMLElement | null {
  return box?.querySelector<HTMLElement>(`[data-operation="${order}"]`) ?? null;
}

/** Scroll the box, and nothing else, so that the line and its neighbours can be seen. */
function bringInto(box: HTMLElement, line: HTMLElement): void {
  const top = line.offsetTop - box.offsetTop;
  const margin = 2 * line.offsetHeight;
  const above = box.scrollTop > top - margin;
  const below = box.scrollTop + box.clientHeight < top + line.offsetHeight + margin;
  if (above || below) box.scrollTop = top - box.clientHeight / 3;
}

interface CopyProps {
  text(): string;
  /** Where the script stands, to be selected if the browser does not let it be copied. */
  box: RefObject<HTMLElement | null>;
}

const CONFIRMATION = 2500;

function Copy({ text, box }: CopyProps): VNode {
  const [answer, setAnswer] = useState("");
  const timer = useRef(0);
  const copy = async (): Promise<void> => {
    setAnswer((await copied(text())) ? "Copied" : selected(box.current));
    // What confirmed the last time must not end early what confirms now.
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setAnswer(""), CONFIRMATION);
  };
  return (
    <>
      <span class="bpviz-answer" role="status">
        {answer}
      </span>
      <button
        type="button"
        class="bpviz-button bpviz-text-button"
        aria-label="Copy the script"
        onClick={() => void copy()}
      >
        Copy
      </button>
    </>
  );
}

/** Pages that do not come from localhost or by HTTPS have no clipboard; they can still copy. */
async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    const before = focused();
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    (before as HTMLElement | null)?.focus();
    return done;
  }
}

function selected(box: HTMLElement | null): string {
  if (box) getSelection()?.selectAllChildren(box);
  return "Selected: press Ctrl+C";
}
