// Hosts: the rows of one address together, in the table and on a card.

const MOST_PORTS = 500; // of one host, that are shown on its card
const OPEN = new Set(["banner", "silent", "closed", "reset", "tls-error"]);

const placeOf = (row) => {
  const target = textAt("target", row);
  return target.slice(0, target.lastIndexOf(":")).replace(/^\[(.*)\]$/, "$1");
};
const hostOf = (row) => textAt("ip", row) || placeOf(row);
const portOf = (row) => textAt("target", row).slice(textAt("target", row).lastIndexOf(":") + 1);
const openOverUdp = (row) => textAt("status", row) === "banner"; // silence tells nothing there
const isOpen = (row) => (portOf(row).endsWith("/udp") ? openOverUdp(row) : OPEN.has(textAt("status", row)));

const rowsOfHosts = new Map();
function gatherHosts() {
  for (const row of everyRow) {
    const host = hostOf(row);
    if (!rowsOfHosts.has(host)) rowsOfHosts.set(host, []);
    rowsOfHosts.get(host).push(row);
  }
}

function some(texts, most = 12) {
  const all = [...new Set(texts.filter(Boolean))];
  return el("span", {}, ...all.slice(0, most).flatMap((text, at) => [at ? ", " : "", isolated(text)]), all.length > most ? ", …" : "");
}

function hostsView() {
  gatherHosts();
  const rows = (host) => rowsOfHosts.get(host);
  const findings = (host) => rows(host).reduce((sum, row) => sum + (data.found.evidence[row]?.length ?? 0), 0);
  const opened = (host) => rows(host).filter(isOpen);
  const names = (host) => new Set(rows(host).map(placeOf).filter((name) => name !== host));
  return {
    name: "hosts", title: "Hosts", caption: "Hosts; a head sorts, a host opens its card",
    items: () => [...new Set([...passing].map(hostOf))],
    rows: (hosts) => hosts.flatMap((host) => rows(host).filter((row) => standings[row] === -1)),
    key: (host) => host,
    find: (key) => (rowsOfHosts.has(key) ? key : null),
    open: hostCard,
    columns: [
      { name: "host", title: "Host", class: "target", value: null, show: (host) => el("span", {}, isolated(host), ...[...names(host)].slice(0, 3).map((name) => el("small", {}, isolated(name)))) },
      { name: "ports", title: "Open ports", class: "ports", value: (host) => opened(host).length, show: (host) => (opened(host).length ? some(opened(host).map(portOf)) : `none of ${rows(host).length}`) },
      { name: "services", title: "Services", class: "services", value: (host) => new Set(rows(host).map((row) => textAt("service", row))).size, show: (host) => some(rows(host).map((row) => textAt("service", row))) },
      { name: "software", title: "Software", class: "softwares", value: (host) => textAt("software", opened(host)[0] ?? rows(host)[0]), show: (host) => some(rows(host).map((row) => textAt("software", row))) },
      { name: "findings", title: "To act on", class: "number acts", value: findings, show: (host) => count(findings(host)) },
    ],
  };
}

function certificateRow(shown, ports) {
  const days = Math.round((Date.parse(shown.not_after) - Date.now()) / 86400000);
  const until = shown.not_after ? `${shown.not_after.slice(0, 10)}${Number.isNaN(days) ? "" : days < 0 ? ", expired" : `, ${plural(days, "day")} left`}` : "";
  return el("tr", {},
    el("td", {}, ...visible((shown.names ?? []).join(", ") || shown.subject || shown.sha256.slice(0, 16))),
    el("td", {}, ...visible(shown.issuer ?? "")),
    el("td", { class: days < 0 ? "bad" : null }, ...visible(until)),
    el("td", {}, ports.join(", ")));
}

function smallTable(title, heads, rows) {
  return el("div", { class: `part of-${title.toLowerCase()}` }, el("h3", {}, title), el("table", { class: "small" },
    el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", { scope: "col" }, head)))), el("tbody", {}, ...rows)));
}

// One card: all ports, the certificates and every name of a host, whatever the filters leave.
async function hostCard(host) {
  const rows = rowsOfHosts.get(host).slice(0, MOST_PORTS);
  const found = await Promise.all(rows.map((row) => record(row)));
  const certificates = new Map();
  const names = new Set();
  found.forEach((one, at) => {
    if (one.host !== host) names.add(one.host);
    if (one.details?.hostname) names.add(String(one.details.hostname));
    const shown = one.tls?.certificate;
    if (!shown) return;
    for (const name of shown.names ?? []) names.add(name);
    if (!certificates.has(shown.sha256)) certificates.set(shown.sha256, [shown, []]);
    certificates.get(shown.sha256)[1].push(portOf(rows[at]));
  });
  const ports = rows.map((row) => el("tr", {},
    el("td", {}, el("a", { href: recordLink(row) }, portOf(row))),
    el("td", {}, statusOf(row)),
    el("td", {}, isolated(textAt("service", row))),
    el("td", {}, isolated(textAt("software", row)), evidenceOf(row)),
    el("td", { class: "said" }, isolated(textAt("greeting", row)))));
  const rest = rowsOfHosts.get(host).length - rows.length;
  return el("div", { class: "details host" },
    names.size ? el("p", { class: "names" }, el("b", {}, "Names "), ...[...names].slice(0, 100).flatMap((name, at) => [at ? ", " : "", ...visible(name)])) : null,
    smallTable("Ports", ["Port", "Status", "Service", "Software", "Greeting or error"], ports),
    rest > 0 ? el("p", { class: "quiet" }, `And ${count(rest)} more.`) : null,
    certificates.size ? smallTable("Certificates", ["For", "Issued by", "Until", "Ports"], [...certificates.values()].map((pair) => certificateRow(...pair))) : null);
}
