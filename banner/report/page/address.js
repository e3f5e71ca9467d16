// What is looked at stands in the address: filters, search, order, view and open records. So a look can be sent to
// somebody, and Back goes to the one before.

const look = { view: "", sort: "", down: false, open: new Set(), leads: false };
let remembered = null;
let typed = false;

function addressed() {
  const parts = new URLSearchParams();
  for (const [name, codes] of filters) {
    const { key } = dimensions.get(name);
    for (const code of codes) parts.append(name, key(code));
  }
  if (query.trim()) parts.set("q", query.trim());
  if (look.view) parts.set("view", look.view);
  if (look.sort) parts.set("sort", (look.down ? "-" : "") + look.sort);
  for (const key of look.open) parts.append("open", key);
  return parts.toString();
}

// A word that is typed letter by letter is one step back, not one a letter.
function remember({ typing = false } = {}) {
  const text = addressed();
  if (text === remembered) return;
  const step = typing && typed ? "replaceState" : "pushState";
  typed = typing;
  remembered = text;
  try {
    history[step](null, "", `#${text}`);
  } catch {
    location.hash = text; // a sandboxed frame, or more steps than a browser lets one make
  }
}

function recall() {
  const text = location.hash.slice(1);
  if (text === remembered) return;
  remembered = text;
  typed = false;
  filters.clear();
  look.open.clear();
  const parts = new URLSearchParams(text);
  for (const [name, value] of parts) {
    const found = dimensions.get(name);
    if (!found) continue;
    for (let code = 0; code < found.size; code++) {
      if (found.key(code) !== value) continue;
      filters.set(name, (filters.get(name) ?? new Set()).add(code));
      break;
    }
  }
  query = parts.get("q") ?? "";
  look.view = parts.get("view") ?? "";
  const sort = parts.get("sort") ?? "";
  look.down = sort.startsWith("-");
  look.sort = sort.replace(/^-/, "");
  for (const key of parts.getAll("open")) look.open.add(key);
  document.getElementById("search").value = query;
  look.leads = look.open.size > 0;
  changed();
  if (look.leads) document.querySelector(".results .is-open")?.scrollIntoView({ block: "center" });
  look.leads = false;
}
