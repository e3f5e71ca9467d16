// What changed since an earlier scan: a card that counts, and a table beside those of the results and the hosts.

const changeText = (name, at) => {
  const { values, codes } = data.since.changes.columns[name];
  return codes[at] < 0 ? "" : values[codes[at]];
};
const everyChange = () => Array.from({ length: data.since.changes.rows }, (_, at) => at);

function changesCard() {
  if (!data.since) return [];
  const kinds = data.since.kinds;
  const all = kinds.map((kind) => everyChange().filter((at) => changeText("kind", at) === kind).length);
  const list = el("ol", { class: "bars" });

  function press(code) {
    if (!isOn("change", code)) look.view = "changes";
    toggle("change", code);
  }

  function draw() {
    const shown = [...kinds.keys()].filter((code) => all[code]).sort((a, b) => all[b] - all[a]);
    redraw(list, shown.map((code) => el("li", {}, el("button", {
      type: "button", "data-key": code, "aria-pressed": isOn("change", code), title: `${kinds[code]}: ${plural(all[code], "change")}`, on: { click: () => press(code) },
    }, el("span", { class: "label" }, kinds[code]), bar(all[code], [all[code]], Math.max(...all), null), el("span", { class: "count" }, count(all[code]))))));
  }

  listeners.push(draw);
  draw();
  const title = `Changed since ${data.since.name}`;
  return [card(title, list, data.since.changes.rows ? null : el("p", { class: "quiet" }, "Nothing changed."))];
}

// With filters, the changes of the rows that they leave; what has no row any more is found by the search.
function changesLeft() {
  const kinds = filters.get("change");
  const others = [...filters.keys()].some((name) => name !== "change");
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const passes = new Set([...passing].map((row) => keysOfRows[row]));
  const hosts = new Set([...passing].map(hostOf));
  return everyChange().filter((at) => {
    if (kinds && !kinds.has(data.since.kinds.indexOf(changeText("kind", at)))) return false;
    const target = changeText("target", at);
    if (passes.has(target) || hosts.has(target)) return true;
    const told = ["target", "kind", "service", "before", "after"].map((name) => changeText(name, at)).join("\n").toLowerCase();
    return !others && words.every((word) => told.includes(word));
  });
}

function changesView() {
  const text = (title, name, style) => ({
    name, title, class: style, value: (at) => data.since.changes.columns[name].codes[at], show: (at) => isolated(changeText(name, at)),
  });
  const kind = (at) => el("span", { class: `kind ${changeText("kind", at)}` }, changeText("kind", at));
  return {
    name: "changes", title: "Changes", caption: "Changes; a head sorts, a target opens what was and what is",
    items: changesLeft,
    rows: (items) => items.map((at) => rowKeys.get(changeText("target", at))).filter((row) => row !== undefined),
    key: (at) => `${changeText("target", at)} ${changeText("kind", at)}`,
    open: (at) => record(at, data.since.changes).then(differences),
    columns: [
      { ...text("Target", "target", "target"), value: null },
      { ...text("Change", "kind", "state kinds"), show: kind },
      text("Service", "service", "service"), text("Before", "before", "before"), text("After", "after", "after"),
    ],
  };
}
