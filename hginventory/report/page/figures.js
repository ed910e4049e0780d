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
      const table = plainTable(title, figure.heads, figure.kinds, figure.columns, data.frames[figure.table]);
      details.append(scrolling(table, title));
    }
  });
}
