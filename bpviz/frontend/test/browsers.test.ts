import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

type Versions = readonly [chrome: number, firefox: number, safari: number];

/** What every browser of the last ten years knows. */
const OLD: Versions = [49, 45, 10];

/** The browsers that came first with what a style sheet is written with (MDN, October 2026). */
const FIRST: Readonly<Record<string, Versions>> = {
  "@container": [105, 110, 16],
  "@media": OLD,
  ":checked": OLD,
  ":disabled": OLD,
  ":empty": OLD,
  ":first-child": OLD,
  ":first-of-type": OLD,
  ":focus-visible": [86, 85, 15.4],
  ":fullscreen": [71, 64, 16.4],
  ":has": [105, 121, 15.4],
  ":focus-within": OLD,
  ":hover": OLD,
  ":is": [88, 78, 14],
  ":where": [88, 78, 14],
  ":last-child": OLD,
  ":last-of-type": OLD,
  ":not": [88, 84, 9],
  ":nth-child": OLD,
  ":after": OLD,
  ":before": OLD,
  "::marker": [86, 68, 11.1],
  "attr()": OLD,
  "calc()": OLD,
  "clamp()": [79, 75, 13.1],
  "color-mix()": [111, 113, 16.2],
  "inset()": [55, 54, 10],
  "light-dark()": [123, 120, 17.5],
  "max()": [79, 75, 11.1],
  "min()": [79, 75, 11.1],
  "minmax()": [57, 52, 10.1],
  "repeat()": [57, 76, 10.1],
  "rgb()": [65, 52, 12.1],
  "rotate()": OLD,
  "::-moz-range-thumb": OLD,
  "::-webkit-slider-thumb": OLD,
  "@keyframes": OLD,
  "repeating-linear-gradient()": OLD,
  "scale()": OLD,
  "translateX()": OLD,
  "scaleX()": OLD,
  "translate()": OLD,
  "translateY()": OLD,
  "var()": [49, 31, 10],
};

/** The at-rules, pseudo-classes and functions of a style sheet. */
function features(sheet: string): string[] {
  const found = new Set<string>();
  const bare = sheet.replace(/"[^"]*"/g, '""');
  for (const [name] of bare.matchAll(/@[a-z-]+/g)) found.add(name);
  // A selector ends in a brace, a declaration does not.
  for (const [, selector] of bare.matchAll(/([^{}]*)\{/g)) {
    if (selector!.startsWith("@")) continue;
    for (const [name] of selector!.matchAll(/::?[a-z-]+/g)) found.add(name);
  }
  for (const [, block] of bare.matchAll(/\{([^{}]*)\}/g)) {
    for (const [, name] of block!.matchAll(/([a-zA-Z-]+)\(/g)) found.add(`${name}()`);
  }
  return [...found].sort();
}

const read = (path: string) => readFileSync(`${import.meta.dirname}/${path}`, "utf8");

/** What build.js is told. */
const promised = JSON.parse(read("../browsers.json")) as Record<string, number>;

test("the features of a style sheet are found", () => {
  const sheet = `@media (min-width: 1px) { .a:is(.b, .c)::before { color: light-dark(red, #fff) } }`;
  expect(features(sheet)).toEqual(["::before", ":is", "@media", "light-dark()"]);
});

test("the style sheet asks for no newer browsers than the build promises", () => {
  const versions = [promised["chrome"]!, promised["firefox"]!, promised["safari"]!];
  const tooNew = features(read("../../static/bpviz.css")).filter((name) => {
    const first = FIRST[name];
    expect(first, `${name} needs a line in this table`).toBeDefined();
    return first!.some((version, k) => version > versions[k]!);
  });
  expect(tooNew).toEqual([]);
});

test("the README names the browsers that the build promises", () => {
  const { chrome, firefox, safari } = promised;
  const words = `Chrome ${chrome}, Firefox ${firefox}, Safari ${safari}`;
  expect(read("../../../README.md").replace(/\s+/g, " ")).toContain(words);
});
