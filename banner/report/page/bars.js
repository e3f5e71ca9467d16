// Charts of counts: one bar a value, each a button that filters. Grey is all, colour is what the filters leave.

const FEW = 8;
const MORE = 50; // that one press adds

function card(title, ...children) {
  const id = `card-${title.toLowerCase().replace(/[^a-z]+/g, "-")}`;
  return el("section", { class: "card", "aria-labelledby": id }, el("h2", { id }, title), ...children);
}

// Draws anew while the keyboard stays on the button that stands for the same thing.
function redraw(holder, children) {
  const key = holder.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  holder.replaceChildren(...children);
  if (key !== undefined) holder.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
}

function bar(all, parts, most, before) {
  const scale = (number) => (number ? Math.max(1, (100 * number) / most) : 0); // one in a million is seen as well
  const shapes = [svg("rect", { class: "all", width: scale(all), height: 8 })];
  let x = 0;
  parts.forEach((part, at) => {
    shapes.push(svg("rect", { class: `now part${Math.min(at, 3)}`, x: scale(x), width: scale(part), height: 8 }));
    x += part;
  });
  if (before !== null) shapes.push(svg("rect", { class: "was", width: scale(before), height: 8 }));
  return svg("svg", { viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true" }, ...shapes);
}

// What shows more of a long list, step by step, and fewer again.
function moreButtons(all, limit, few, show) {
  const next = Math.min(MORE, all - limit);
  const rest = all - limit > MORE ? ` of ${count(all - limit)}` : "";
  return [
    next > 0 ? button(`Show ${count(next)} more${rest}`, () => show(limit + MORE), { class: "more-button", "data-key": "more" }) : null,
    limit > few && all > few ? button("Show fewer", () => show(few), { class: "more-button", "data-key": "fewer" }) : null,
  ].filter(Boolean);
}

// `split(code, rows)`, where given, says what a bar is made of: pairs of label and count.
function barChart(title, name, { split = null, empty = "None.", extra = null } = {}) {
  const { size, label, before, tally: count_ } = dimensions.get(name);
  const totals = count_(everyRow);
  const list = el("ol", { class: "bars" });
  const more = el("div", { class: "more-buttons" });
  let limit = FEW;
  const show = (number) => {
    limit = number;
    draw();
  };

  function item(code, now, most, parts) {
    const inside = parts ? parts.map((part) => part[1]) : [now[code]];
    const aside = parts && parts.length ? parts.map((part) => part[0]).join(", ") : "";
    const was = before ? before(label(code)) : null;
    const spoken = `${label(code)}${aside ? `, ${aside}` : ""}: ${plural(now[code], "result")}${was === null ? "" : `, ${count(was)} before`}`;
    return el("li", {}, el(
      "button",
      {
        type: "button", "data-key": code, "aria-pressed": isOn(name, code), title: spoken, on: { click: () => toggle(name, code) },
      },
      el("span", { class: "label" }, el("bdi", {}, label(code)), " ", aside ? el("small", {}, aside) : null, " "),
      bar(totals[code], inside, most, was),
      el("span", { class: "count" }, count(now[code]), el("span", { class: "unseen" }, " results"), was === null || was === totals[code] ? null : el("small", { title: "before" }, ` ${count(was)}`)),
    ));
  }

  function draw() {
    const rows = rowsBut(name);
    const now = count_(rows);
    const order = [...totals.keys()].filter((code) => totals[code] > 0 || (before && before(label(code)) > 0));
    order.sort((a, b) => now[b] - now[a] || totals[b] - totals[a] || a - b);
    const shown = order.slice(0, limit);
    const most = Math.max(0, ...shown.map((code) => Math.max(totals[code], before ? before(label(code)) : 0)));
    const parts = split ? split(rows) : null;
    redraw(list, shown.map((code) => item(code, now, most, parts ? parts(code) : null)));
    redraw(more, moreButtons(order.length, limit, FEW, show));
  }

  listeners.push(draw);
  draw();
  const nothing = size === 0 ? el("p", { class: "quiet" }, empty) : null;
  const whole = card(title, el("div", {}, list, nothing, more), extra);
  if (extra) whole.classList.add("double");
  return whole;
}

// What each value of one dimension is made of in another: the three most frequent and the rest.
function splitBy(name, other) {
  const of = dimensions.get(name).codes;
  const by = dimensions.get(other);
  return (rows) => {
    const found = new Map();
    for (const row of rows) {
      if (!found.has(of[row])) found.set(of[row], new Map());
      const counts = found.get(of[row]);
      counts.set(by.codes[row], (counts.get(by.codes[row]) ?? 0) + 1);
    }
    return (code) => {
      const pairs = [...(found.get(code) ?? [])].filter((pair) => pair[0] >= 0).sort((a, b) => b[1] - a[1]);
      const rest = pairs.slice(3).reduce((sum, pair) => sum + pair[1], 0);
      const named = pairs.slice(0, 3).map(([part, number]) => [by.label(part), number]);
      return rest ? [...named, ["others", rest]] : named;
    };
  };
}
