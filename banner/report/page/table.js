// The table, a page at a time, so that a hundred thousand rows cost what fifty do. What its rows are, a view says:
//   name, title, caption; items(): what the filters leave; rows(items): the results behind them;
//   key(item), find(key): how an address calls an item; open(item): what unfolds below it;
//   columns: name, title, class, value(item) to sort by (null: their own order), show(item).

const SIZES = [25, 50, 100, 250];
const PRINTED = 1000;

const isolated = (text) => el("bdi", {}, text);

function resultTable(views) {
  const view = () => views.find((one) => one.name === look.view) ?? views[0];
  const column = () => view().columns.find((one) => one.name === look.sort) ?? view().columns[0];
  let size = 50;
  let page = 0;
  let order = [];
  const choice = el("div", { class: "choice views", role: "group", "aria-label": "Table of" });
  const caption = el("caption", { class: "unseen" });
  const head = el("tr");
  const body = el("tbody");
  const pages = el("nav", { class: "pages", "aria-label": "Pages of results" });

  function arrange() {
    order = view().items();
    const { value } = column();
    if (value) {
      const keys = new Map(order.map((item) => [item, value(item)]));
      const empty = (key) => key === -1 || key === null || key === ""; // last, whichever way
      const sign = look.down ? -1 : 1;
      const compare = (a, b) => (empty(a) || empty(b) ? empty(a) - empty(b) : sign * (typeof a === "string" ? a.localeCompare(b) : a - b));
      order.sort((a, b) => compare(keys.get(a), keys.get(b))); // stable: what is equal stays in its own order
    } else if (look.down) order.reverse();
  }

  function sortBy(one) {
    look.down = column() === one && !look.down;
    look.sort = one === view().columns[0] && !look.down ? "" : one.name;
    page = 0;
    arrange();
    draw();
    remember();
  }

  function heading(one) {
    const own = column() === one;
    const mark = own ? (look.down ? "▼" : "▲") : "";
    return el("th", { scope: "col", class: one.class, "aria-sort": own ? (look.down ? "descending" : "ascending") : undefined },
      el("button", { type: "button", "data-key": one.title, on: { click: () => sortBy(one) } },
        one.title, el("span", { class: "mark", "aria-hidden": "true" }, mark)));
  }

  function line(item) {
    const { columns, key, open } = view();
    const own = key(item);
    const unfolded = look.open.has(own);
    const id = `more-${own.replace(/[^\w.:-]+/g, "_")}`;
    const cells = columns.map((one, at) => el(at ? "td" : "th", { class: one.class, scope: at ? null : "row" },
      at ? one.show(item) : el("button", {
        type: "button", class: "open", "data-key": `row-${own}`, "aria-expanded": unfolded,
        "aria-controls": unfolded ? id : null, on: { click: () => unfold(own) },
      }, one.show(item))));
    const lines = [el("tr", { class: unfolded ? "is-open" : null }, ...cells)];
    if (unfolded) {
      const cell = el("td", { colspan: columns.length }, "…");
      open(item).then((shown) => cell.replaceChildren(shown), () => cell.replaceChildren("This browser cannot inflate the record (it has no DecompressionStream)."));
      lines.push(el("tr", { class: "more", id }, cell));
    }
    return lines;
  }

  function unfold(key) {
    if (!look.open.delete(key)) look.open.add(key);
    draw();
    remember();
  }

  function turn(to) {
    page = to;
    draw();
  }

  function turnTo(name) {
    look.view = name;
    look.sort = "";
    look.down = false;
    look.open.clear();
    page = 0;
    arrange();
    draw();
    remember();
  }

  function pager() {
    const last = Math.max(0, Math.ceil(order.length / size) - 1);
    const step = (label, sign, to) => button(sign, () => turn(to), {
      "aria-label": label, "data-key": label, "aria-disabled": to < 0 || to > last || to === page, class: "step",
    });
    const from = order.length ? page * size + 1 : 0;
    const sizes = el("select", { "data-key": "size", on: { change: (event) => {
      size = Number(event.target.value);
      turn(0);
    } } }, ...SIZES.map((number) => el("option", { value: number, selected: number === size }, String(number))));
    return [
      step("First page", "«", 0), step("Previous page", "‹", Math.max(0, page - 1)),
      el("span", {}, `${count(from)}–${count(Math.min(order.length, (page + 1) * size))} of ${count(order.length)}`),
      step("Next page", "›", Math.min(last, page + 1)), step("Last page", "»", last),
      el("label", {}, "Rows ", sizes),
    ];
  }

  function draw(shown = size) {
    const { columns, name } = view();
    redraw(choice, views.length < 2 ? [] : views.map((one) => button(one.title, () => turnTo(one === views[0] ? "" : one.name), {
      "data-key": one.name, "aria-pressed": one.name === name })));
    caption.textContent = view().caption;
    redraw(head, columns.map(heading));
    redraw(body, order.slice(page * size, page * size + shown).flatMap(line));
    redraw(pages, pager());
    body.classList.toggle("is-empty", order.length === 0);
  }

  // An address that opens a record leads to it: its page, and there.
  function lead() {
    const first = order.findIndex((item) => look.open.has(view().key(item)));
    page = first < 0 ? 0 : Math.floor(first / size);
  }

  listeners.push(() => {
    arrange();
    if (look.leads) lead();
    else page = 0;
    draw();
  });
  window.addEventListener("beforeprint", () => draw(Math.max(size, PRINTED)));
  window.addEventListener("afterprint", () => draw());
  arrange();
  draw();
  const rows = () => view().rows(order);
  return [
    el("div", { class: "results-head" }, el("h2", {}, views[0].title), choice, data.view === "scan" ? savers(rows) : null),
    el("table", { class: "results" }, caption, el("thead", {}, head), body),
    pages,
  ];
}
