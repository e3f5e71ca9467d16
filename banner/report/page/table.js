// The table of all results: a page at a time, so that a hundred thousand rows cost what fifty do.

const SIZES = [25, 50, 100, 250];
const PRINTED = 1000;

function resultTable(columns, caption) {
  let size = 50;
  let page = 0;
  let sorted = { column: columns[0], down: false };
  let order = everyRow;
  const open = new Set();
  const head = el("tr");
  const body = el("tbody");
  const pages = el("nav", { class: "pages", "aria-label": "Pages of results" });

  function arrange() {
    const { keys } = sorted.column;
    order = passing;
    if (keys) {
      const sign = sorted.down ? -1 : 1;
      const empty = (row) => keys[row] === -1 || keys[row] === null; // last, whichever way
      order = passing.slice().sort((a, b) => empty(a) - empty(b) || sign * (keys[a] - keys[b]) || a - b);
    } else if (sorted.down) order = passing.slice().reverse();
  }

  function sortBy(column) {
    sorted = { column, down: sorted.column === column && !sorted.down };
    page = 0;
    arrange();
    draw();
  }

  function heading(column) {
    const own = sorted.column === column;
    const mark = own ? (sorted.down ? "▼" : "▲") : "";
    return el("th", { scope: "col", class: column.class, "aria-sort": own ? (sorted.down ? "descending" : "ascending") : undefined },
      el("button", { type: "button", "data-key": column.title, on: { click: () => sortBy(column) } },
        column.title, el("span", { class: "mark", "aria-hidden": "true" }, mark)));
  }

  function line(row) {
    const id = `more-${row}`;
    const cells = columns.map((column, at) => el(at ? "td" : "th", { class: column.class, scope: at ? null : "row" },
      at ? column.show(row) : el("button", {
        type: "button", class: "open", "data-key": `row-${row}`, "aria-expanded": open.has(row),
        "aria-controls": open.has(row) ? id : null, on: { click: () => unfold(row) },
      }, column.show(row))));
    const lines = [el("tr", { class: open.has(row) ? "is-open" : null }, ...cells)];
    if (open.has(row)) {
      const cell = el("td", { colspan: columns.length }, "…");
      record(row).then((found) => cell.replaceChildren(details(found)), () => cell.replaceChildren("This browser cannot inflate the record (it has no DecompressionStream)."));
      lines.push(el("tr", { class: "more", id }, cell));
    }
    return lines;
  }

  function unfold(row) {
    if (!open.delete(row)) open.add(row);
    draw();
  }

  function turn(to) {
    page = to;
    draw();
  }

  function pager() {
    const last = Math.max(0, Math.ceil(order.length / size) - 1);
    const step = (label, sign, to) => button(sign, () => turn(to), {
      "aria-label": label, "data-key": label, "aria-disabled": to < 0 || to > last || to === page, class: "step",
    });
    const from = order.length ? page * size + 1 : 0;
    const choice = el("select", { "data-key": "size", on: { change: (event) => {
      size = Number(event.target.value);
      turn(0);
    } } }, ...SIZES.map((number) => el("option", { value: number, selected: number === size }, String(number))));
    return [
      step("First page", "«", 0), step("Previous page", "‹", Math.max(0, page - 1)),
      el("span", {}, `${count(from)}–${count(Math.min(order.length, (page + 1) * size))} of ${count(order.length)}`),
      step("Next page", "›", Math.min(last, page + 1)), step("Last page", "»", last),
      el("label", {}, "Rows ", choice),
    ];
  }

  function draw(shown = size) {
    redraw(head, columns.map(heading));
    redraw(body, [...order.slice(page * size, page * size + shown)].flatMap(line));
    redraw(pages, pager());
    body.classList.toggle("is-empty", order.length === 0);
  }

  listeners.push(() => {
    page = 0;
    arrange();
    draw();
  });
  window.addEventListener("beforeprint", () => draw(Math.max(size, PRINTED)));
  window.addEventListener("afterprint", () => draw());
  draw();
  return [
    el("h2", {}, caption),
    el("table", { class: "results" }, el("caption", { class: "unseen" }, `${caption}; a head sorts, a target opens its record`), el("thead", {}, head), body),
    pages,
  ];
}
