// What all scripts of the page share: its data, and how numbers, elements and tables are made.
const data = JSON.parse(document.getElementById("data").textContent);
const words = data.words;
const byId = (id) => document.getElementById(id);
// As the program prints them: three figures, whole numbers from 1000 on, a space before the sign of percent.
const significant = new Intl.NumberFormat(data.language, { maximumSignificantDigits: 3 });
const whole = new Intl.NumberFormat(data.language, { maximumFractionDigits: 0 });
const tenth = new Intl.NumberFormat(data.language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const percent = { format: (share) => `${(share > 0 && share < 0.0995 ? tenth : whole).format(100 * share)}\u00a0%` };
const sorter = new Intl.Collator(data.language, { numeric: true });
const fill = (text, parts) => text.replace(/\{(\w+)\}/g, (all, name) => (name in parts ? parts[name] : all));
const number = (value) => (Math.abs(value) >= 1000 ? whole : significant).format(value);

function show(value, kind) {
  if (value === null || value === undefined) return "";
  if (typeof value !== "number") return String(value);
  if (kind === "year") return String(value);
  if (kind === "share") return percent.format(value);
  return kind === "count" ? whole.format(value) : number(value);
}

function element(name, text, attributes) {
  const made = document.createElement(name);
  if (text !== undefined && text !== null) made.textContent = text;
  for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
  return made;
}

function rows(columns) {
  const names = Object.keys(columns);
  const count = names.length ? columns[names[0]].length : 0;
  return Array.from({ length: count }, (_, n) => Object.fromEntries(names.map((name) => [name, columns[name][n]])));
}

function plainTable(caption, heads, kinds, names, columns) {
  const table = element("table");
  table.append(element("caption", caption));
  const top = element("tr");
  names.forEach((name, n) => {
    const numeric = columns[name].some((value) => typeof value === "number");
    top.append(element("th", heads[n], numeric ? { scope: "col", class: "n" } : { scope: "col" }));
  });
  table.append(element("thead"));
  table.tHead.append(top);
  const body = table.createTBody();
  const count = columns[names[0]].length;
  for (let n = 0; n < count; n++) {
    const row = element("tr");
    names.forEach((name, place) => {
      const value = columns[name][n];
      row.append(element("td", show(value, kinds[place]), typeof value === "number" ? { class: "n" } : {}));
    });
    body.append(row);
  }
  return table;
}

function scrolling(table, label) {
  const box = element("div", null, { class: "scroll", tabindex: "0", role: "region", "aria-label": label });
  box.append(table);
  return box;
}
