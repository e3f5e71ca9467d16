// Where time went: a histogram over a logarithmic scale (1, 2, 5, 10 ... ms), and the quantiles below it.

const EDGES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000];
const PHASES = {
  total: "Whole target", first_byte: "First byte", connect: "Connect", tls: "TLS", dns: "DNS",
};

const edge = (number) => (number >= 1000 ? `${number / 1000} s` : `${number} ms`);

function bucketLabel(code) {
  if (code === 0) return `0 to ${edge(EDGES[0])}`;
  if (code === EDGES.length) return `${edge(EDGES[code - 1])} or more`;
  return `${edge(EDGES[code - 1])} to ${edge(EDGES[code])}`;
}

function bucketOf(value) {
  if (value === null) return -1;
  const at = EDGES.findIndex((edge) => value < edge);
  return at < 0 ? EDGES.length : at;
}

const phasesSeen = () => Object.keys(PHASES).filter((phase) => data.numbers[phase]);

function latencyDimensions() {
  for (const phase of phasesSeen()) {
    dimension(phase, PHASES[phase], data.numbers[phase].map(bucketOf), bucketLabel);
  }
}

function quantiles(values) {
  const sorted = Float64Array.from(values).sort();
  const at = (share) => milliseconds(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]);
  return [["Median", at(0.5)], ["90 %", at(0.9)], ["99 %", at(0.99)], ["Longest", at(1)]];
}

function latencyChart() {
  const phases = phasesSeen();
  if (!phases.length) return card("Latency", el("p", { class: "quiet" }, "No times were recorded."));
  let phase = phases[0];
  const choice = el("div", { class: "choice", role: "group", "aria-label": "Phase" });
  const columns = el("div", { class: "histogram" });
  const figures = el("dl", { class: "quantiles" });

  function column(code, all, now, most) {
    const spoken = `${bucketLabel(code)}: ${plural(now, "result")}`;
    const tall = (number) => (most ? (100 * number) / most : 0);
    const decade = Math.log10(EDGES[code - 1] ?? 1) % 1 === 0;
    return el(
      "button",
      {
        type: "button", "data-key": code, "aria-pressed": isOn(phase, code), "aria-label": spoken, title: spoken,
        on: { click: () => toggle(phase, code) },
      },
      svg("svg", { viewBox: "0 0 10 100", preserveAspectRatio: "none", "aria-hidden": "true" },
        svg("rect", { class: "all", width: 10, y: 100 - tall(all), height: tall(all) }),
        svg("rect", { class: "now part0", width: 10, y: 100 - tall(now), height: tall(now) })),
      el("span", { class: "tick", "aria-hidden": "true" }, decade ? (code ? edge(EDGES[code - 1]) : "0") : ""),
    );
  }

  function draw() {
    const { codes } = dimensions.get(phase);
    const all = tally(codes, EDGES.length + 1, everyRow);
    const rows = rowsBut(phase);
    const now = tally(codes, EDGES.length + 1, rows);
    const filled = [...all.keys()].filter((code) => all[code]);
    const most = Math.max(...all);
    redraw(choice, phases.map((name) => button(PHASES[name], () => {
      phase = name;
      draw();
    }, { "data-key": name, "aria-pressed": name === phase })));
    const span = [...all.keys()].slice(filled[0], filled[filled.length - 1] + 1);
    redraw(columns, span.map((code) => column(code, all[code], now[code], most)));
    const values = [...rows].map((row) => data.numbers[phase][row]).filter((value) => value !== null);
    figures.replaceChildren(...(values.length ? quantiles(values) : []).map(
      ([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value)),
    ));
  }

  listeners.push(draw);
  draw();
  return card("Latency", choice, columns, figures);
}
