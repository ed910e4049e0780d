// Everything is there: build the page.
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
