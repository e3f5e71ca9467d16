// Networks as a map: each /24 a square of its 256 addresses where there are few, one shaded cell where many.

const DETAILED = 36;
const MOST_CELLS = 600;
const RANKS = ["quiet-address", "open-address", "greeted-address"];

function rankOf(row) {
  return textAt("status", row) === "banner" ? 2 : isOpen(row) ? 1 : 0;
}

// The squares of one network's addresses: a path for each rank, and one for what the filters hide.
function addresses(rows) {
  const best = new Map();
  for (const row of rows) {
    const octet = data.numbers.last_octet[row];
    if (octet === null) continue;
    const rank = standings[row] === -1 ? rankOf(row) : -1;
    best.set(octet, Math.max(best.get(octet) ?? -1, rank));
  }
  const paths = ["", "", "", ""];
  for (const [octet, rank] of best) paths[rank + 1] += `M${octet % 16} ${octet >> 4}h.86v.86h-.86z`;
  return paths.map((d, at) => (d ? svg("path", { class: at ? RANKS[at - 1] : "hidden-address", d }) : null));
}

// One stop for the keyboard; arrows move within.
function rove(holder) {
  holder.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const cells = [...holder.querySelectorAll("button")];
    const next = cells[cells.indexOf(document.activeElement) + step];
    if (!next) return;
    for (const cell of cells) cell.tabIndex = cell === next ? 0 : -1;
    next.focus();
  });
}

function legend() {
  const entries = [["greeted-address", "greeting"], ["open-address", "open, no greeting"], ["quiet-address", "no answer"]];
  return el("p", { class: "legend" }, ...entries.map(([name, text]) => el("span", {},
    svg("svg", { viewBox: "0 0 1 1", "aria-hidden": "true" }, svg("rect", { class: name, width: 1, height: 1 })), text)));
}

function networkMap() {
  const { codes, size, label } = dimensions.get("network");
  if (!size) return card("Networks", el("p", { class: "quiet" }, "No address was visited."));
  const totals = tally(codes, size, everyRow);
  const order = [...totals.keys()].sort((a, b) => totals[b] - totals[a]).slice(0, MOST_CELLS).sort((a, b) => a - b);
  const detailed = size <= DETAILED;
  const kept = new Set(order);
  const rowsOf = new Map(order.map((code) => [code, []]));
  if (detailed) for (const row of everyRow) if (kept.has(codes[row])) rowsOf.get(codes[row]).push(row);
  const most = Math.max(...totals);
  const map = el("div", { class: detailed ? "map detailed" : "map", role: "group", "aria-label": "Networks, arrow keys move" });
  let last = order[0];

  function cell(code, now) {
    const spoken = `${label(code)}: ${plural(now, "result")} of ${count(totals[code])}`;
    const level = now ? 1 + Math.round((4 * Math.log1p(now)) / Math.log1p(most)) : 0;
    const small = detailed && data.numbers.last_octet[rowsOf.get(code)[0]] !== null;
    const shape = small
      ? svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("rect", { class: "ground", width: 15.86, height: 15.86 }), ...addresses(rowsOf.get(code)))
      : svg("svg", { viewBox: "0 0 1 1", "aria-hidden": "true" }, svg("rect", { class: `level${level}`, width: 1, height: 1 }));
    return el(
      "button",
      {
        type: "button", "data-key": code, "aria-pressed": isOn("network", code), "aria-label": spoken, title: spoken,
        tabindex: code === last ? 0 : -1,
        on: { click: () => toggle("network", code), focus: () => { last = code; } },
      },
      shape,
      detailed ? el("span", { class: "label" }, label(code)) : null,
    );
  }

  function draw() {
    const now = tally(codes, size, rowsBut("network"));
    redraw(map, order.map((code) => cell(code, now[code])));
  }

  rove(map);
  listeners.push(draw);
  draw();
  const rest = size - order.length;
  const note = rest > 0 ? `The ${count(order.length)} largest of ${count(size)}; the search finds the others.` : "";
  const part = card("Networks", map, detailed ? legend() : el("p", { class: "quiet" }, note || "A darker cell is a network with more results."));
  part.classList.add("wide");
  return part;
}
