// The table of units: sorted by its heads, searched as one types, each row opens its calculation.
const units = rows(data.units);
const unitNames = Object.keys(data.units);
units.forEach((unit, place) => {
  unit.place = place;
  unit.words = unitNames.filter((_, n) => /text|unit/.test(data.unit_kinds[n])).map((name) => unit[name] || "").join(" ").toLowerCase();
});
const order = { name: "rank", down: false };
const unitTable = byId("unit-table");
const always = ["rank", "label", "air_kg_per_yr", "lifetime_t"];  // columns of a narrow screen; its dialog has the others
const classes = (name, numeric) => [numeric ? "n" : "", always.includes(name) ? "" : "wide"].join(" ").trim();
let chosen = null;  // the selected unit, by its place in the data

function headUnits() {
  const row = element("tr");
  unitNames.forEach((name, n) => {
    const numeric = !/text|unit/.test(data.unit_kinds[n]);
    const head = element("th", null, { scope: "col", "data-name": name, class: classes(name, numeric) });
    const button = element("button", data.unit_heads[n], { type: "button" });
    button.addEventListener("click", () => {
      order.down = order.name === name ? !order.down : numeric && name !== "rank";
      order.name = name;
      listUnits();
    });
    head.append(button);
    row.append(head);
  });
  unitTable.append(element("thead"));
  unitTable.tHead.append(row);
  unitTable.createTBody();
}

function compare(a, b) {
  const [x, y] = [a[order.name], b[order.name]];
  if (x === null || y === null) return (x === null) - (y === null);
  const difference = typeof x === "number" && typeof y === "number" ? x - y : sorter.compare(x, y);
  return order.down ? -difference : difference;
}

function listUnits() {
  for (const head of unitTable.tHead.rows[0].cells) {
    if (head.dataset.name === order.name) head.setAttribute("aria-sort", order.down ? "descending" : "ascending");
    else head.removeAttribute("aria-sort");
  }
  const wanted = byId("unit-search").value.trim().toLowerCase().split(/\s+/);
  const found = units.filter((unit) => wanted.every((word) => unit.words.includes(word))).sort(compare);
  const body = unitTable.tBodies[0];
  body.replaceChildren(...found.map(unitRow));
  listed.found = found;
  if (data.others) body.append(othersRow());
  const count = whole.format(units.length);
  byId("unit-found").textContent = data.others
    ? fill(words.found_listed, { n: whole.format(found.length), listed: count, others: whole.format(data.others.units) })
    : fill(words.found, { n: whole.format(found.length), count });
}

const listed = { found: [] };

function searched() {  // one unit found is the selected one
  listUnits();
  if (byId("unit-search").value.trim() && listed.found.length === 1) select(listed.found[0].place);
}

// Select a unit, or none: in the table, in the line at the foot of the window, and in every figure.
function select(place) {
  chosen = place;
  if (place !== null && !listed.found.includes(units[place])) {
    byId("unit-search").value = "";
    listUnits();
  }
  for (const row of unitTable.tBodies[0].rows) markRow(row);
  const bar = byId("chosen");
  bar.hidden = place === null;
  if (place !== null) {
    const unit = units[place];
    byId("chosen-text").textContent = fill(words.chosen, { unit: unit.label, rank: whole.format(unit.rank), t: number(unit.lifetime_t) });
    const row = unitTable.querySelector("tr[aria-current]");
    const box = unitTable.parentElement;
    box.scrollTop = row.offsetTop - unitTable.tHead.offsetHeight - box.clientHeight / 3;
  } else byId("chosen-text").textContent = "";
  for (const view of views.values()) signal(view);
}

function markRow(row) {
  if (chosen !== null && row.dataset.place === String(chosen)) row.setAttribute("aria-current", "true");
  else row.removeAttribute("aria-current");
}

function unitRow(unit) {
  const row = element("tr", null, { "data-place": String(unit.place) });
  markRow(row);
  row.addEventListener("click", () => select(unit.place));
  unitNames.forEach((name, n) => {
    const kind = data.unit_kinds[n];
    if (kind === "unit") {
      const cell = element("td");
      const button = element("button", unit[name], { type: "button" });
      button.addEventListener("click", () => openTrace(unit.place));
      cell.append(button);
      row.append(cell);
    } else {
      row.append(element("td", show(unit[name], kind), { class: classes(name, kind !== "text") }));
    }
  });
  return row;
}

function othersRow() {
  const row = element("tr");
  for (const name of unitNames) {
    const text = name === "label" ? fill(words.others, { n: whole.format(data.others.units) }) : show(data.others[name], "number");
    row.append(element("td", text, { class: classes(name, name !== "label") }));
  }
  return row;
}

// The calculation of a unit, built from codes.
const text = (place) => data.traces.texts[place];

function openTrace(place) {
  const [title, steps, used, measured, sources, notes] = data.traces.units[place];
  byId("trace-title").textContent = text(title);
  const table = element("table");
  table.append(element("caption", words.how));
  const head = element("tr");
  for (const [word, numeric] of [["#", true], [words.step, false], [words.value, true], [words.from, false]]) {
    head.append(element("th", word, numeric ? { scope: "col", class: "n" } : { scope: "col" }));
  }
  table.append(element("thead"));
  table.tHead.append(head);
  const body = table.createTBody();
  steps.forEach(([name, value, unit, formula, origin, places], n) => {
    const row = element("tr");
    const shown = Array.isArray(value) ? text(value[0]) : show(value, "number");
    row.append(element("td", String(n + 1), { class: "n" }), element("td", text(name)));
    row.append(element("td", `${shown} ${text(unit)}`.trim(), { class: "n" }));
    const from = element("td", formula ? `= ${text(formula)}` : text(origin));
    if (places) from.append(element("div", text(places), { class: "places" }));
    row.append(from);
    body.append(row);
  });
  const facts = element("dl", null, { class: "facts" });
  unitNames.forEach((name, n) => {
    if (!always.includes(name)) facts.append(element("dt", data.unit_heads[n]), element("dd", show(units[place][name], data.unit_kinds[n])));
  });
  const parts = [facts, table];
  const list = (title, lines) => {
    if (!lines.length) return;
    const items = element("ul");
    for (const line of lines) items.append(element("li", line));
    parts.push(element("h3", title), items);
  };
  list(words.measured, measured.map(text));
  list(words.rows, used.map((row) => {
    const [id, value, unit, mark, source] = data.traces.rows[row];
    return `${text(id)} = ${show(value, "number")} ${text(unit)} (${text(mark)}): ${text(source)}`;
  }));
  list(words.sources, sources.map(text));
  list(words.notes, notes.map(text));
  byId("trace-body").replaceChildren(...parts);
  byId("trace").showModal();
  byId("trace").scrollTop = 0;
}
