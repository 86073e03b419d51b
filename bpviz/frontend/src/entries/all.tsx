// The module of all panels, for a page that has some that show a run and some that ask.

import { asking } from "./asking";
import { editingUpdates } from "./editing";
import { uses } from "./panel";
import { AnyView, running } from "./running";

const { panel, mount } = uses(() => {
  const { state, content } = asking(<AnyView />, editingUpdates);
  return running(state, content);
});

export { panel as default, mount };
