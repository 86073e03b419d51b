// Which of several views is open where there is a place for one.

import type { VNode } from "preact";
import { Choice } from "./Choice";

interface TabsProps<T extends string> {
  tabs: readonly T[];
  open: T;
  titles: Readonly<Record<T, string>>;
  onOpen(tab: T): void;
}

export function Tabs<T extends string>({ tabs, open, titles, onOpen }: TabsProps<T>): VNode {
  return (
    <Choice
      legend="View"
      tabs
      value={open}
      onChange={onOpen}
      options={tabs.map((value) => ({ value, text: titles[value] }))}
    />
  );
}
