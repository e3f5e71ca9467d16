// The page: what was scanned, the bar with search and filters, the charts, the table.

const VIEWS = {
  scan: { dimensions: scanDimensions, charts: scanCharts, columns: scanColumns, caption: "Results" },
  diff: { dimensions: diffDimensions, charts: diffCharts, columns: diffColumns, caption: "Changes" },
};

function scanDimensions() {
  textDimension("status", "Status");
  textDimension("service", "Service");
  textDimension("product", "Product");
  textDimension("software", "Version");
  textDimension("network", "Network");
  textDimension("outdated", "Outdated");
  textDimension("expiry", "Certificate dates");
  textDimension("certificate", "Certificate");
  numberDimension("port", "Port");
  latencyDimensions();
}

function diffDimensions() {
  textDimension("kind", "Change");
  textDimension("service", "Service");
  numberDimension("port", "Port");
}

function scanCharts() {
  const { tls, ssh } = data.seen;
  return [
    barChart("Status", "status"),
    barChart("Services", "service", { empty: "No service was told." }),
    barChart("Ports by service", "port", { split: splitBy("port", "service") }),
    barChart("Products", "product", { empty: "No product was told." }),
    barChart("Versions", "software", { empty: "No version was told." }),
    latencyChart(),
    barChart("Certificates", "expiry", { empty: "No certificate was seen.", extra: certificateList() }),
    barChart("Outdated protocols", "outdated", {
      empty: `No TLS below 1.2 among ${count(tls)} with TLS, no SSH 1 among ${count(ssh)} with SSH.`,
    }),
    networkMap(),
  ];
}

function diffCharts() {
  return [
    barChart("Changes", "kind", { empty: "Nothing changed." }),
    barChart("Services", "service", { empty: "No service was told." }),
    barChart("Ports by service", "port", { split: splitBy("port", "service"), empty: "None." }),
  ];
}

const isolated = (text) => el("bdi", {}, text);
const textCell = (title, name, style) => ({
  title, class: style, keys: data.columns[name].codes, show: (row) => isolated(textAt(name, row)),
});

function scanColumns() {
  const total = data.numbers.total;
  const target = (row) => [isolated(textAt("target", row)), textAt("ip", row) ? el("small", {}, textAt("ip", row)) : null, textAt("tag", row) ? el("small", {}, textAt("tag", row)) : null];
  const status = (row) => el("span", { class: `status ${textAt("status", row)}` }, textAt("status", row));
  return [
    { title: "Target", class: "target", keys: null, show: (row) => el("span", {}, ...target(row).filter(Boolean)) },
    { title: "Status", class: "state", keys: data.columns.status.codes, show: status },
    textCell("Service", "service", "service"),
    textCell("Software", "software", "software"),
    textCell("Greeting or error", "greeting", "said"),
    ...(total ? [{ title: "Time", class: "number time", keys: total, show: (row) => milliseconds(total[row]) }] : []),
  ];
}

function diffColumns() {
  const kind = (row) => el("span", { class: `kind ${textAt("kind", row)}` }, textAt("kind", row));
  return [
    { title: "Target", class: "target", keys: null, show: (row) => isolated(textAt("target", row)) },
    { title: "Change", class: "state kinds", keys: data.columns.kind.codes, show: kind },
    textCell("Service", "service", "service"),
    textCell("Before", "before", "before"),
    textCell("After", "after", "after"),
  ];
}

function toolbar(caption) {
  const box = el("input", { type: "search", id: "search", placeholder: "Search", autocomplete: "off", spellcheck: "false", "aria-keyshortcuts": "/" });
  const found = el("a", { href: "#results" }); // on a phone the table is far below the charts
  const chips = el("div", { class: "chips", role: "group", "aria-label": "Filters" });
  let waiting = 0;
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => search(box.value), data.rows > 20000 ? 200 : 30);
  });

  function draw() {
    const all = [...filters].flatMap(([name, codes]) => [...codes].map((code) => {
      const { title, label } = dimensions.get(name);
      return button([`${title}: `, isolated(label(code)), el("span", { "aria-hidden": "true" }, " ×")], () => toggle(name, code), {
        class: "chip", "data-key": `${name}-${code}`, "aria-label": `Remove filter ${title}: ${label(code)}`,
      });
    }));
    if (all.length || query) all.push(button("Clear all", () => {
      box.value = "";
      clearAll();
      box.focus();
    }, { class: "clear", "data-key": "clear" }));
    redraw(chips, all);
    found.textContent = passing.length === data.rows
      ? plural(data.rows, caption.toLowerCase().slice(0, -1))
      : `${count(passing.length)} of ${plural(data.rows, caption.toLowerCase().slice(0, -1))}`;
  }

  listeners.push(draw);
  draw();
  document.addEventListener("keydown", (event) => {
    const typing = ["INPUT", "SELECT", "TEXTAREA"].includes(document.activeElement.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      box.focus();
    }
  });
  return [el("label", { for: "search", class: "unseen" }, `Search the ${caption.toLowerCase()}`), box, el("p", { class: "found", role: "status" }, found), chips];
}

const view = VIEWS[data.view];
document.getElementById("facts").append(...data.facts.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, isolated(value)))));
document.getElementById("notes").append(...data.notes.map((note) => el("p", { class: "note" }, note)));
view.dimensions();
document.getElementById("bar").append(...toolbar(view.caption));
document.getElementById("charts").append(...view.charts());
document.getElementById("results").append(...resultTable(view.columns(), view.caption));
