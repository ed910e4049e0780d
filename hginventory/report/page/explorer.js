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
  const ranked = life.slice(0, explorer.first_list).map((_, unit) => unit).sort((a, b) => life[b] - life[a] || a - b);
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
  const ofList = sum(life.slice(0, explorer.first_list));
  const share = ofList > 0 ? sum([...named].map((unit) => life[unit])) / ofList : 0;
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
  // All that emit in the base year are in it: those that the rule leaves no year end after it by the rule.
  const past = explorer.air.reduce((kg, air, unit) => kg + (first[unit] === base && end[unit] <= base
    && explorer.starts[rule.starts].start[unit] !== null ? air : 0), 0);
  table.kg[0] += past;
  table.left[0] += past;
  byId("explore-past").textContent = past > 0 ? fill(words.explore_past, { kg: number(past), base }) : "";
  showExplored(table, on);
  byId("explore-chart").setAttribute("aria-label", fill(on ? words.explore_alt_with : words.explore_alt, { now: number(table.kg[0]), base,
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
  const heads = [words.a_year, words.as_is, ...(on ? [words.with] : [])];
  const kinds = ["year", "number", "number"], names = ["year", "kg", "left"].slice(0, heads.length);
  const fresh = plainTable(byId("explore-title").textContent, heads, kinds, names, table);
  details.querySelectorAll(".scroll").forEach((old) => old.remove());
  details.append(scrolling(fresh, byId("explore-title").textContent));
}

let exploreStart = [];
// Colours go by the order of the lines in the data, so that the legend names the retrofit only while it is drawn.
const exploreSpec = {
  width: 660, height: 240, data: { name: "table" },
  params: data.figures.length ? data.figures[0].spec.params.filter((one) => !one.select) : [],
  encoding: {
    x: { field: "year", type: "quantitative", title: null, axis: { format: "d", grid: false }, scale: { nice: false } },
    y: { field: "kg", type: "quantitative", title: "kg", axis: { tickCount: 5 }, scale: { zero: true } },
    color: { field: "line", type: "nominal", title: null, sort: null, scale: { range: ["#222222", "#009E73"] } },
    strokeDash: { field: "line", type: "nominal", title: null, sort: null, scale: { range: [[1, 0], [6, 3]] } },
  },
  layer: [{ mark: { type: "line", strokeWidth: 2.2 } }, {
    name: "near", mark: { type: "point", filled: true, size: 70 },
    params: [{ name: "near", select: { type: "point", nearest: true, on: "pointerover", clear: "pointerout" } }],
    encoding: {
      opacity: { condition: { param: "near", empty: false, value: 1 }, value: 0 },
      tooltip: [{ field: "year", type: "quantitative", format: "d", title: words.a_year },
        { field: "line", type: "nominal", title: words.line }, { field: "kg", type: "quantitative", format: ",.3~r", title: "kg" }],
    },
  }],
  config: data.figures.length ? data.figures[0].spec.config : {},
};
