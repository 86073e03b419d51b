// What VS Code and anywidget do in the frame of a notebook's outputs; see vscode.py.

window.parent = window.top = window;
window.forwarded = [];

addEventListener("keydown", (event) => {
  const isCommand = event.ctrlKey || event.metaKey;
  if (isCommand && "zypfs".includes(event.key.toLowerCase())) event.preventDefault();
  if (!["Control", "Shift", "Alt", "Meta"].includes(event.key)) forwarded.push(event.key);
});

addEventListener("click", (event) => {
  if (event.target.closest?.("a[href]")) event.preventDefault();
});

window.wear = (kind, colours) => {
  document.body.className = kind.replace(/^.*contrast-light$/, "$& vscode-high-contrast");
  document.body.dataset.vscodeThemeKind = kind;
  for (const [name, colour] of Object.entries(colours)) {
    document.documentElement.style.setProperty(`--vscode-${name}`, colour);
  }
};

const models = new Map();

const bytes = (text) => new DataView(Uint8Array.from(atob(text), (one) => one.charCodeAt(0)).buffer);

function received(values) {
  const whole = ([name, value]) => [name, value?.bytes === undefined ? value : bytes(value.bytes)];
  return Object.fromEntries(Object.entries(values).map(whole));
}

class Model {
  changed = {};
  heard = {};
  widget_manager = { get_model: async (id) => models.get(id) };

  constructor(id, values) {
    this.id = id;
    this.values = values;
  }
  get(name) {
    return this.values[name];
  }
  set(name, value) {
    this.values[name] = this.changed[name] = value;
    this.tell(`change:${name}`);
  }
  on(name, callback) {
    (this.heard[name] ??= new Set()).add(callback);
  }
  off(name, callback) {
    this.heard[name]?.delete(callback);
  }
  tell(name, ...rest) {
    for (const one of [...(this.heard[name] ?? [])]) one(...rest);
  }
  save_changes() {
    say(this.id, { state: this.changed });
    this.changed = {};
  }
  send(content) {
    say(this.id, { content });
  }
  take(values) {
    Object.assign(this.values, values);
    for (const name of Object.keys(values)) this.tell(`change:${name}`);
  }
}

async function say(to, said) {
  for (const answer of JSON.parse(await python(to, JSON.stringify(said)))) {
    const model = models.get(answer.id);
    if (answer.state) model.take(received(answer.state));
    else model.tell("msg:custom", answer.content, answer.buffers.map(bytes));
  }
}

window.show = async (opened, shown) => {
  for (const { id, state } of opened) models.set(id, new Model(id, received(state)));
  for (const id of shown) {
    const model = models.get(id);
    const address = URL.createObjectURL(new Blob([model.get("_esm")], { type: "text/javascript" }));
    const widget = (await import(address)).default();
    await widget.initialize({ model });
    const output = document.createElement("div");
    output.className = "output";
    const behind = output.appendChild(document.createElement("div"));
    behind.className = "cell-output-ipywidget-background";
    const el = behind.appendChild(document.createElement("div"));
    await widget.render({ model, el });
    document.getElementById("container").append(output);
  }
  // What Python has to say by itself, as of a run that goes on.
  setInterval(() => say("", {}), 50);
};
