// Everything is there: build the page.
async function start() {
  headUnits();
  listUnits();
  byId("unit-search").addEventListener("input", searched);
  byId("unit-search").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && listed.found.length) select(listed.found[0].place);
  });
  byId("chosen-how").addEventListener("click", () => openTrace(chosen));
  byId("chosen-none").addEventListener("click", () => select(null));
  explorer.rules.forEach((rule, n) => byId("explore-rule").append(element("option", rule.name, { value: String(n) })));
  byId("explore-rule").value = String(explorer.rules.findIndex((rule) => rule.name === explorer.rule));
  byId("explore-rule").addEventListener("input", chooseRule);
  for (const id of ["explore-top", "explore-life", "explore-on", "explore-year"]) byId(id).addEventListener("input", explore);
  chooseRule();
  for (const figure of data.figures) await draw(figure);
  await drawExplored();
  document.body.dataset.ready = "yes";
}

async function drawExplored() {
  exploreView = await embed("explore", byId("explore-drawn"), { ...exploreSpec, datasets: { table: exploreStart } }, []);
  explore();
}

let room = document.documentElement.clientWidth, waiting = 0;
addEventListener("resize", () => {  // a figure that no longer fits is drawn anew
  clearTimeout(waiting);
  waiting = setTimeout(async () => {
    const now = document.documentElement.clientWidth;
    const same = now === room || Math.min(now, room) >= NARROW + 40;
    room = now;
    if (same) return;
    for (const figure of data.figures) await draw(figure);
    await drawExplored();
  }, 200);
});

start();
