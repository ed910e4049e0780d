"use strict";
(function () {
  const data = JSON.parse(document.getElementById("data").textContent);
  const words = data.words;
  const byId = (id) => document.getElementById(id);
  const significant = new Intl.NumberFormat(data.language, { maximumSignificantDigits: 4 });
  const whole = new Intl.NumberFormat(data.language, { maximumFractionDigits: 0 });
  const percent = new Intl.NumberFormat(data.language, { style: "percent", maximumSignificantDigits: 2 });
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

  function kindOf(name) {
    if (/year$/.test(name)) return "year";
    if (/share|^p_|^rank\d|^later$|^p05$|^p95$|measured|reported|derived|default/.test(name)) return "share";
    return name === "rank" ? "count" : "number";
  }

  function plainTable(caption, heads, names, columns) {
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
      for (const name of names) {
        const value = columns[name][n];
        row.append(element("td", show(value, kindOf(name)), typeof value === "number" ? { class: "n" } : {}));
      }
      body.append(row);
    }
    return table;
  }

  function scrolling(table, label) {
    const box = element("div", null, { class: "scroll", tabindex: "0", role: "region", "aria-label": label });
    box.append(table);
    return box;
  }

  // Figures: one specification each; data are handed over by name.
  const embedOptions = { actions: false, ast: true, renderer: "svg", mode: "vega-lite", defaultStyle: false,
    formatLocale: data.format };

  async function draw(figure) {
    const target = document.querySelector(`[data-figure="${figure.name}"]`);
    const datasets = {};
    for (const [name, place] of Object.entries(figure.frames)) datasets[name] = rows(data.frames[place]);
    await vegaEmbed(target, { ...figure.spec, datasets }, embedOptions);
  }

  for (const figure of data.figures) {
    const details = document.querySelector(`[data-table="${figure.name}"]`);
    details.addEventListener("toggle", () => {
      if (details.open && !details.querySelector("table")) {
        const title = byId(`title-${figure.name}`).textContent;
        const table = plainTable(title, figure.heads, figure.columns, data.frames[figure.table]);
        details.append(scrolling(table, title));
      }
    });
  }

  // The table of units: sorted by its heads, searched as one types, each row opens its calculation.
  const units = rows(data.units);
  const unitNames = Object.keys(data.units);
  units.forEach((unit, place) => {
    unit.place = place;
    unit.words = unitNames.filter((_, n) => /text|unit/.test(data.unit_kinds[n])).map((name) => unit[name] || "").join(" ").toLowerCase();
  });
  const order = { name: "rank", down: false };
  const unitTable = byId("unit-table");

  function headUnits() {
    const row = element("tr");
    unitNames.forEach((name, n) => {
      const numeric = !/text|unit/.test(data.unit_kinds[n]);
      const head = element("th", null, { scope: "col", "data-name": name, ...(numeric ? { class: "n" } : {}) });
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
    if (data.others) body.append(othersRow());
    byId("unit-found").textContent = fill(words.found, { n: whole.format(found.length), count: whole.format(data.explorer.air.length) });
  }

  function unitRow(unit) {
    const row = element("tr");
    unitNames.forEach((name, n) => {
      const kind = data.unit_kinds[n];
      if (kind === "unit") {
        const cell = element("td");
        const button = element("button", unit[name], { type: "button" });
        button.addEventListener("click", () => openTrace(unit.place));
        cell.append(button);
        row.append(cell);
      } else {
        row.append(element("td", show(unit[name], kind), kind === "text" ? {} : { class: "n" }));
      }
    });
    return row;
  }

  function othersRow() {
    const row = element("tr");
    for (const name of unitNames) {
      const text = name === "label" ? fill(words.others, { n: whole.format(data.others.units) }) : show(data.others[name], "number");
      row.append(element("td", text, name === "label" ? {} : { class: "n" }));
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
    const parts = [table];
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

  // What if: central values under another rule, with a retrofit of the largest units.
  const explorer = data.explorer;
  let exploreView = null;

  // The first year and the end (exclusive) of every unit, as operating_years of the program has them.
  function yearsUnder(rule, lifetime) {
    const { start, first } = explorer.starts[rule.starts];
    const end = rule.fixed.map((fixed, unit) => {
      if (fixed !== null) return fixed;
      const old = Math.floor(start[unit] + lifetime);
      const past = explorer.operating[unit] && old <= explorer.base_year;
      return Math.max(past ? explorer.base_year + rule.overage : old, first[unit]);
    });
    return { first, end };
  }

  function say(id, text) {  // what a slider is at, for eyes and for screen readers
    byId(`${id}-shown`).textContent = text;
    byId(id).setAttribute("aria-valuetext", text);
  }

  function chooseRule() {
    byId("explore-life").value = String(explorer.rules[Number(byId("explore-rule").value)].lifetime);
    explore();
  }

  function explore() {
    const rule = explorer.rules[Number(byId("explore-rule").value)];
    const lifetime = Number(byId("explore-life").value);
    const { first, end } = yearsUnder(rule, lifetime);
    const top = Number(byId("explore-top").value);
    const on = byId("explore-on").checked;
    const from = Number(byId("explore-year").value);
    byId("explore-year").disabled = !on;
    const base = explorer.base_year;
    const last = end.reduce((latest, year) => Math.max(latest, year), base + 1);
    const own = new Map();
    for (const [unit, year, kg] of explorer.own) own.set(unit, (own.get(unit) || []).concat([[year, kg]]));
    const life = explorer.air.map((air, unit) => {
      let kg = air * (end[unit] - first[unit]);
      for (const [year, more] of own.get(unit) || []) if (year >= first[unit] && year < end[unit]) kg += more;
      return kg;
    });
    const ranked = life.map((_, unit) => unit).sort((a, b) => life[b] - life[a] || a - b);
    const named = new Set(ranked.slice(0, top));
    const now = new Array(last - base).fill(0);
    const then = new Array(last - base).fill(0);
    explorer.air.forEach((air, unit) => {
      const extra = new Map(own.get(unit) || []);
      const left = on && named.has(unit) && explorer.after[unit] !== null ? explorer.after[unit] : 1;
      for (let year = first[unit]; year < end[unit]; year++) {
        const kg = air + (extra.get(year) || 0);
        now[year - base] += kg;
        then[year - base] += year >= from ? kg * left : kg;
      }
    });
    const sum = (values) => values.reduce((a, b) => a + b, 0);
    const total = sum(now);
    const share = total > 0 ? sum([...named].map((unit) => life[unit])) / total : 0;
    const avoided = on ? total - sum(then) : 0;
    const missing = [...named].filter((unit) => explorer.after[unit] === null).length;
    say("explore-top", fill(words.top, { n: whole.format(top) }));
    say("explore-life", fill(words.years, { n: whole.format(lifetime) }));
    say("explore-year", on ? String(from) : words.no_retrofit);
    byId("explore-total").textContent = fill(words.t, { n: number(total / 1000) });
    byId("explore-total").dataset.t = String(total / 1000);
    byId("explore-rule-shown").textContent = lifetime !== rule.lifetime ? fill(rule.own, { years: whole.format(lifetime) })
      : rule.name === explorer.rule ? `${rule.name}, ${words.as_run}` : rule.text;
    byId("explore-share").textContent = percent.format(share);
    byId("explore-share").dataset.share = String(share);
    byId("explore-named").textContent = fill(words.top, { n: whole.format(top) });
    byId("explore-avoided").textContent = on ? fill(words.t, { n: number(avoided / 1000) }) : words.none;
    byId("explore-avoided").dataset.t = String(avoided / 1000);
    byId("explore-avoided-share").textContent = on
      ? [fill(words.share, { share: percent.format(total > 0 ? avoided / total : 0) }), fill(words.year, { n: whole.format(top), year: from }),
        ...(missing ? [fill(words.missing, { n: whole.format(missing) })] : [])].join("; ") : "";
    const table = { year: [], kg: [], left: [] };
    now.forEach((kg, n) => {
      table.year.push(base + n);
      table.kg.push(kg);
      table.left.push(then[n]);
    });
    showExplored(table, on);
    byId("explore-chart").setAttribute("aria-label", fill(words.explore_alt, { now: number(now[0]), base,
      total: number(total / 1000), left: number((total - avoided) / 1000) }));
  }

  function showExplored(table, on) {
    const drawn = [];
    table.year.forEach((year, n) => {
      drawn.push({ year, kg: table.kg[n], line: words.as_is });
      if (on) drawn.push({ year, kg: table.left[n], line: words.with });
    });
    if (exploreView) exploreView.data("table", drawn).runAsync();
    else exploreStart = drawn;
    const details = byId("explore-data");
    const fresh = plainTable(byId("explore-title").textContent, [words.a_year, words.as_is, words.with], ["year", "kg", "left"], table);
    details.querySelectorAll(".scroll").forEach((old) => old.remove());
    details.append(scrolling(fresh, byId("explore-title").textContent));
  }

  let exploreStart = [];
  const exploreSpec = {
    width: 660, height: 240, data: { name: "table" },
    mark: { type: "line", strokeWidth: 2.2 },
    encoding: {
      x: { field: "year", type: "quantitative", title: null, axis: { format: "d", grid: false }, scale: { nice: false } },
      y: { field: "kg", type: "quantitative", title: "kg", axis: { tickCount: 5 }, scale: { zero: true } },
      color: { field: "line", type: "nominal", title: null, scale: { domain: [words.as_is, words.with], range: ["#222222", "#009E73"] } },
      strokeDash: { field: "line", type: "nominal", title: null, scale: { domain: [words.as_is, words.with], range: [[1, 0], [6, 3]] } },
    },
    config: data.figures.length ? data.figures[0].spec.config : {},
  };

  async function start() {
    headUnits();
    listUnits();
    byId("unit-search").addEventListener("input", listUnits);
    explorer.rules.forEach((rule, n) => byId("explore-rule").append(element("option", rule.name, { value: String(n) })));
    byId("explore-rule").value = String(explorer.rules.findIndex((rule) => rule.name === explorer.rule));
    byId("explore-rule").addEventListener("input", chooseRule);
    for (const id of ["explore-top", "explore-life", "explore-on", "explore-year"]) byId(id).addEventListener("input", explore);
    chooseRule();
    for (const figure of data.figures) await draw(figure);
    const made = await vegaEmbed(byId("explore-drawn"), { ...exploreSpec, datasets: { table: exploreStart } }, embedOptions);
    exploreView = made.view;
    explore();
    document.body.dataset.ready = "yes";
  }

  start();
})();
