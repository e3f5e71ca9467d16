// The page: what was scanned, the bar with search and filters, the charts, the table.

const VIEWS = {
  scan: { dimensions: scanDimensions, first: findingsLine, charts: scanCharts, caption: "Results", views: () => [rowsView("Results", scanColumns()), hostsView(), ...(data.since ? [changesView()] : [])] },
  diff: { dimensions: diffDimensions, first: () => [], charts: diffCharts, caption: "Changes", views: () => [rowsView("Changes", diffColumns(), differences)] },
};

function scanDimensions() {
  textDimension("status", "Status");
  textDimension("service", "Service");
  textDimension("product", "Product");
  textDimension("version", "Version");
  textDimension("network", "Network");
  textDimension("outdated", "Outdated");
  textDimension("expiry", "Certificate dates");
  textDimension("certificate", "Certificate");
  portDimension("port", "Port");
  bitDimension("finding", "To act on", data.found.masks, data.findings);
  if (data.since) bitDimension("change", "Change", data.since.masks, data.since.kinds.map((kind) => [kind, kind]));
  latencyDimensions();
}

function diffDimensions() {
  textDimension("kind", "Change");
  textDimension("service", "Service");
  textDimension("product", "Product");
  portDimension("port", "Port");
}

function scanCharts() {
  const { tls, ssh } = data.seen;
  return [
    ...changesCard(),
    barChart("Status", "status"),
    barChart("Services", "service", { empty: "No service was told." }),
    barChart("Ports by service", "port", { split: splitBy("port", "service") }),
    barChart("Products", "product", { empty: "No product was told." }),
    barChart("Versions", "version", { empty: "No version was told." }),
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
    barChart("Products", "product", { empty: "No product was told." }),
    barChart("Ports by service", "port", { split: splitBy("port", "service"), empty: "None." }),
  ];
}

const textCell = (title, name, style) => ({
  name, title, class: style, value: (row) => data.columns[name].codes[row], show: (row) => isolated(textAt(name, row)),
});
const statusOf = (row) => el("span", { class: `status ${textAt("status", row)}` }, textAt("status", row));
const small = (row, name) => (textAt(name, row) ? el("small", {}, isolated(textAt(name, row))) : null);

function scanColumns() {
  const total = data.numbers.total;
  return [
    { name: "target", title: "Target", class: "target", value: null, show: (row) => el("span", {}, isolated(textAt("target", row)), small(row, "ip"), small(row, "tag")) },
    { name: "status", title: "Status", class: "state", value: (row) => data.columns.status.codes[row], show: statusOf },
    textCell("Service", "service", "service"),
    textCell("Software", "software", "software"),
    textCell("Greeting or error", "greeting", "said"),
    ...(total ? [{ name: "time", title: "Time", class: "number time", value: (row) => total[row], show: (row) => milliseconds(total[row]) }] : []),
  ];
}

function diffColumns() {
  const kind = (row) => el("span", { class: `kind ${textAt("kind", row)}` }, textAt("kind", row));
  return [
    { name: "target", title: "Target", class: "target", value: null, show: (row) => isolated(textAt("target", row)) },
    { name: "kind", title: "Change", class: "state kinds", value: (row) => data.columns.kind.codes[row], show: kind },
    textCell("Service", "service", "service"),
    textCell("Before", "before", "before"),
    textCell("After", "after", "after"),
  ];
}

// The results one by one. An address calls each by its target, the second of one target by `target~2`.
const rowKeys = new Map();
const keysOfRows = [];
function nameRows() {
  const seen = new Map();
  for (const row of everyRow) {
    const target = data.view === "diff" ? `${textAt("target", row)} ${textAt("kind", row)}` : textAt("target", row);
    const times = (seen.get(target) ?? 0) + 1;
    seen.set(target, times);
    keysOfRows[row] = times > 1 ? `${target}~${times}` : target;
    rowKeys.set(keysOfRows[row], row);
  }
}

const recordLink = (row) => `#${new URLSearchParams({ open: keysOfRows[row] })}`;
const hostLink = (row) => `#${new URLSearchParams({ view: "hosts", open: hostOf(row) })}`;

function rowsView(caption, columns, show = details) {
  nameRows();
  return {
    name: "results", title: caption, caption: `${caption}; a head sorts, a target opens its record`, columns,
    items: () => [...passing], rows: (rows) => rows, key: (row) => keysOfRows[row],
    open: (row) => record(row).then((found) => show(found, row)),
  };
}

// A link within the page that leaves the address, and with it what is looked at, as it is.
function leads(link, to) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    document.getElementById(to).scrollIntoView();
    document.getElementById(to).focus({ preventScroll: true });
  });
  return link;
}

function toolbar(caption) {
  const box = el("input", { type: "search", id: "search", placeholder: "Search", autocomplete: "off", spellcheck: "false", "aria-keyshortcuts": "/" });
  const found = leads(el("a", { href: "#results" }), "results"); // on a phone the table is far below the charts
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

const shown = VIEWS[data.view];
leads(document.querySelector(".skip"), "results");
document.getElementById("facts").append(...data.facts.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, isolated(value)))));
document.getElementById("notes").append(...data.notes.map((note) => el("p", { class: "note" }, note)));
shown.dimensions();
document.getElementById("bar").append(...toolbar(shown.caption));
document.getElementById("first").append(...shown.first());
document.getElementById("charts").append(...shown.charts());
document.getElementById("results").append(...resultTable(shown.views()));
window.addEventListener("popstate", recall);
recall();
