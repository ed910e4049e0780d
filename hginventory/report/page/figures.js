// Figures: one specification each; data are handed over by name. One unit is selected in all of them.
const embedOptions = { actions: false, ast: true, renderer: "svg", mode: "vega-lite", defaultStyle: false,
  formatLocale: data.format, patch: mended };
const NARROW = 700, NAMES = 132, TALLER = 1.5;  // pixels: figures below are drawn anew, not shrunk; names of rows there
const SIGN = 6.6;  // pixels of a letter of a name, on average
const views = new Map();
const deepest = 16;  // zoom of a map

// Tooltips: in the cell around the nearest mark Vega-Lite reads texts from the cell and not from the mark, and it writes
// "null" where there is no number; such a line is left out.
function mended(part) {
  const { tooltip, isVoronoi } = (part.encode || {}).update || {};
  if (tooltip && tooltip.signal) {
    if (isVoronoi) tooltip.signal = tooltip.signal.replace(/datum(\.datum)?\[/g, "datum.datum[");
    tooltip.signal = tooltip.signal.replace(/format\((datum(?:\.datum)?\["[^"]*"\]), ("[^"]*")\)/g,
      "(isValid($1) ? format($1, $2) : [][0])");
  }
  (part.marks || []).forEach(mended);
  return part;
}

function broken(width) {  // the expression that breaks a label into lines between its words
  return `split(trim(replace(datum.label, regexp('(.{1,${Math.floor(width / SIGN)}})( +|$)', 'g'), '$1\\n')), '\\n')`;
}

function narrowed(part, room) {  // names of rows and legends are broken into lines, to leave room for the drawing
  if (Array.isArray(part)) return part.map((one) => narrowed(one, room));
  if (part === null || typeof part !== "object") return part;
  const made = Object.fromEntries(Object.entries(part).map(([name, value]) => [name, narrowed(value, room)]));
  if (hasNames(made)) {
    const lines = broken(NAMES);
    made.axis = { ...made.axis, labelLimit: NAMES, labelExpr: lines, labelOffset: { expr: `-6 * (length(${lines}) - 1)` } };
  }
  if (made.axis && made.axis.tickCount) made.axis = { ...made.axis, tickCount: 4 };
  if (made.legend) {
    made.legend = { ...made.legend, columns: 1, labelLimit: room - 100, labelExpr: broken(room - 130) };
  }
  return made;
}

const hasNames = (channel) => Boolean(channel && channel.axis && channel.axis.labelLimit);

function fitted(spec, room, zooms) {  // letters keep their size; what is drawn gets narrower
  if (room >= NARROW) return spec;
  const { config, ...rest } = spec;
  const made = { ...narrowed(rest, room),
    config: { ...config, legend: { ...(config || {}).legend, columns: 1, labelLimit: room - 110 } } };
  if (zooms) {  // legends are wider than a narrow map and set its size
    const width = Math.min(room - 30, spec.width);
    const params = spec.params.map((one) => (one.name === "narrow" ? { ...one, value: true } : one));
    return { ...made, params, width, height: spec.height * width / spec.width };
  }
  if (made.concat) {
    made.columns = 1;
    made.concat = made.concat.map((panel) => ({ ...panel, width: room - 90, height: room - 90 }));
    return made;
  }
  const named = [spec, ...(spec.layer || [])].some((part) => hasNames((part.encoding || {}).y));
  return { ...made, width: room, height: named ? TALLER * spec.height : spec.height, padding: { left: 2, right: 14, top: 5, bottom: 5 },
    autosize: { type: "fit-x", contains: "padding" } };
}

async function embed(name, target, spec, extent) {
  if (views.has(name)) views.get(name).finalize();
  const room = target.closest("figure").clientWidth;
  const { view } = await vegaEmbed(target, fitted(spec, room, extent.length > 0), embedOptions);
  views.set(name, view);
  view.addEventListener("click", (event, item) => clicked(item));
  return view;
}

async function draw(figure) {
  const target = document.querySelector(`[data-figure="${figure.name}"]`);
  const datasets = {};
  for (const [name, place] of Object.entries(figure.frames)) datasets[name] = rows(data.frames[place]);
  const view = await embed(figure.name, target, { ...figure.spec, datasets }, figure.window);
  if (figure.window.length) makeZoom(figure, view, target);
  signal(view);
}

for (const figure of data.figures) {
  const details = document.querySelector(`[data-table="${figure.name}"]`);
  details.addEventListener("toggle", () => {
    if (details.open && !details.querySelector("table")) {
      const title = byId(`title-${figure.name}`).textContent;
      const table = plainTable(title, figure.heads, figure.kinds, figure.columns, data.frames[figure.table]);
      details.append(scrolling(table, title));
    }
  });
}

function clicked(item) {
  let datum = item && item.datum;
  if (datum && datum.datum) datum = datum.datum;  // of the cell around the nearest dot
  if (!datum) return;
  const unit = datum.unit_id ? units.find((one) => one.unit_id === datum.unit_id)
    : datum.plant ? units.find((one) => data.plants[one.place] === datum.plant) : null;
  if (unit) select(unit.place);
}

function signal(view) {  // tell a figure which unit is selected
  const unit = chosen === null ? null : units[chosen];
  const values = { selected_unit: unit ? unit.unit_id : "", selected_plant: unit ? data.plants[chosen] : "",
    selected_rank: unit ? unit.rank : 0, selected_sector: unit ? data.sectors[chosen] : "" };
  for (const [name, value] of Object.entries(values)) view.signal(name, value);
  view.runAsync();
}

// A map: buttons and arrow keys enlarge and move it, a pointer drags it.
function makeZoom(figure, view, target) {
  const [west, south, east, north] = figure.window;
  const box = byId(`zoom-${figure.name}`);
  const state = { zoom: 1, x: 0.5, y: 0.5 };  // centre as a share of the width and height
  const set = (zoom, x, y) => {
    state.zoom = Math.min(Math.max(zoom, 1), deepest);
    const half = 0.5 / state.zoom;
    state.x = Math.min(Math.max(x, half), 1 - half);
    state.y = Math.min(Math.max(y, half), 1 - half);
    view.signal("zoom", state.zoom).signal("pan_x", state.x - half).signal("pan_y", state.y - half).runAsync();
    target.style.touchAction = state.zoom > 1 ? "none" : "auto";
    box.dataset.zoom = String(state.zoom);
  };
  const buttons = {
    in: () => {
      const here = chosen === null ? null : rows(data.frames[figure.frames.table]).find((one) => one.plant === data.plants[chosen]);
      if (here) set(state.zoom * 2, (here.longitude - west) / (east - west), (north - here.latitude) / (north - south));
      else set(state.zoom * 2, state.x, state.y);
    },
    out: () => set(state.zoom / 2, state.x, state.y),
    whole: () => set(1, 0.5, 0.5),
  };
  for (const button of box.querySelectorAll("button")) button.onclick = buttons[button.dataset.do];
  const keys = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  box.onkeydown = (event) => {
    const step = keys[event.key];
    if (!step) return;
    event.preventDefault();
    set(state.zoom, state.x + 0.2 * step[0] / state.zoom, state.y + 0.2 * step[1] / state.zoom);
  };
  let last = null;
  target.onpointerdown = (event) => { last = [event.clientX, event.clientY]; };
  target.onpointerup = target.onpointerleave = () => { last = null; };
  target.onpointermove = (event) => {
    if (!last || state.zoom === 1) return;
    const moved = [event.clientX - last[0], event.clientY - last[1]];
    last = [event.clientX, event.clientY];
    set(state.zoom, state.x - moved[0] / view.width() / state.zoom, state.y - moved[1] / view.height() / state.zoom);
  };
}
