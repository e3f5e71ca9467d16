// The rows that the filters leave, in their order, as CSV, JSON or Markdown: copied, or saved as a file.

// A spreadsheet takes these for the beginning of a formula (OWASP, "CSV Injection"); a ' in front makes them text.
const FORMULA = /^[=+\-@'\uff1d\uff0b\uff0d\uff20]/u;
const FIELDS = ["host", "port", "ip", "tag", "time", "status", "service", "vendor", "product", "version", "greeting", "title", "to act on", "transport"];

const harmless = (text) => [...text].map((character) => (HIDDEN.test(character) ? escaped(character) : character)).join("");

function cellsOf(row, found) {
  const service = found.service ?? {};
  const act = (data.found?.evidence[row] ?? []).map(([code, text]) => `${data.findings[code][1]}: ${text}`).join("; ");
  return [found.host, found.port, found.ip, found.tag, found.time, found.status, service.name, service.vendor, service.product,
    service.version, textAt("greeting", row), textAt("title", row), act, found.transport];
}

function csvCell(value) {
  if (typeof value === "number") return String(value);
  const text = harmless(String(value ?? ""));
  return text ? `"${(FORMULA.test(text) ? `'${text}` : text).replaceAll('"', '""')}"` : "";
}

const markdownCell = (value) => harmless(String(value ?? "")).replace(/[\\`*_[\]<>|&~#!]/g, "\\$&");

const FORMS = {
  CSV: { end: "csv", type: "text/csv", write: (rows, found) => [FIELDS, ...rows.map((row, at) => cellsOf(row, found[at]))].map((cells) => `${cells.map(csvCell).join(",")}\r\n`).join("") },
  JSON: { end: "json", type: "application/json", write: (rows, found) => `[\n${found.map((one) => JSON.stringify(one)).join(",\n")}\n]\n` },
  Markdown: {
    end: "md", type: "text/markdown", write: (rows) => {
      const heads = ["Target", "Status", "Service", "Software", "Greeting or error"];
      const lines = rows.map((row) => ["target", "status", "service", "software", "greeting"].map((name) => textAt(name, row)));
      return [heads, heads.map(() => "---"), ...lines].map((cells, at) => `| ${cells.map((cell) => (at === 1 ? cell : markdownCell(cell))).join(" | ")} |\n`).join("");
    },
  },
};

async function written(form, rows) {
  return FORMS[form].write(rows, form === "Markdown" ? [] : await Promise.all([...rows].map((row) => record(row))));
}

function download(text, form) {
  const address = URL.createObjectURL(new Blob([text], { type: `${FORMS[form].type};charset=utf-8` }));
  const link = el("a", { href: address, download: `${data.name.replace(/[^\w.,-]+/g, "_")}.${FORMS[form].end}` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}

async function copy(text) {
  if (navigator.clipboard) {
    try {
      return await navigator.clipboard.writeText(text);
    } catch { /* a browser that does not let a file do so: the old way */ }
  }
  const area = el("textarea", { class: "unseen", "aria-hidden": "true" });
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
  return undefined;
}

function savers(rows) {
  const told = el("span", { role: "status", class: "quiet" });
  const act = (verb, form) => async () => {
    const those = rows();
    const text = await written(form, those);
    if (verb === "Copy") await copy(text);
    else download(text, form);
    told.textContent = `${plural(those.length, "row")} ${verb === "Copy" ? "copied" : "saved"} as ${form}`;
  };
  return el("div", { class: "savers" }, ...["Copy", "Save"].map((verb) => el("span", { class: "choice", role: "group", "aria-label": `${verb} the rows` },
    el("span", { class: "quiet", "aria-hidden": "true" }, verb), ...Object.keys(FORMS).map((form) => button(form, act(verb, form), { "aria-label": `${verb} as ${form}` })))), told);
}
