// Keys and pointing, for what is nicer with them; every page works without this file.
const typing = (node) => node.closest("input, textarea, select, [contenteditable]") !== null;
const shown = (node) => node.getClientRects().length > 0;
const headlines = () => [...document.querySelectorAll(".hit .headline a")].filter(shown);
const current = () => document.activeElement.closest(".hit") ?? document.querySelector(".hit.current");

// Moves to another hit: the browser's own focus says where one is.
function move(step) {
  const links = headlines();
  const here = current();
  const at = here ? links.indexOf(here.querySelector(".headline a")) : -1;
  const next = links[Math.min(Math.max(at + step, 0), links.length - 1)];
  if (!next) return;
  here?.classList.remove("current");
  next.closest(".hit").classList.add("current");
  next.focus();
}

// Follows or presses what a page marks with a key, in the hit one is at before anything else.
function press(key) {
  const marked = `[data-key="${key}"]`;
  const target = current()?.querySelector(marked) ?? document.querySelector(`main ${marked}, .foot ${marked}`);
  if (!target) return false;
  const folded = target.closest("details");
  if (folded) folded.open = true;
  if (target.matches("summary, select")) target.focus();
  else target.click();
  return true;
}

const KEYS = {
  "/": () => document.getElementById("q").focus(),
  j: () => move(1),
  k: () => move(-1),
  o: () => {
    const headline = current()?.querySelector(".headline a");
    if (headline) headline.click();
    else press("v");
  },
  v: () => press("v"),
  s: () => press("s"),
  e: () => press("e"),
  "?": () => press("?"),
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && event.target.id === "q") event.target.blur();
  if (typing(event.target) || !Object.hasOwn(KEYS, event.key)) return;
  event.preventDefault();
  KEYS[event.key]();
});

// What was swapped in place takes the focus that the link had which asked for it.
document.addEventListener("htmx:after:settle", (event) => {
  if (event.target.matches?.("[tabindex]")) event.target.focus({ preventScroll: true });
});

// Dragging over the bars of a picture asks for the days between.
for (const picture of document.querySelectorAll(".timeline svg")) {
  const barAt = (event) => event.target.closest("a[data-since]");
  let from = null;
  picture.addEventListener("pointerdown", (event) => {
    from = barAt(event);
    if (from) event.preventDefault();
  });
  picture.addEventListener("dragstart", (event) => event.preventDefault());
  picture.addEventListener("pointermove", (event) => {
    const to = from && barAt(event);
    if (!to) return;
    const bars = [...picture.querySelectorAll("a[data-since]")];
    const [first, last] = [bars.indexOf(from), bars.indexOf(to)].sort((a, b) => a - b);
    bars.forEach((bar, at) => bar.classList.toggle("chosen", at >= first && at <= last));
  });
  document.addEventListener("pointerup", (event) => {
    const to = from && picture.contains(event.target) ? barAt(event) : null;
    const days = to ? [from.dataset, to.dataset].sort((a, b) => (a.since < b.since ? -1 : 1)) : [];
    if (to && to !== from) {
      const address = new URL(to.getAttribute("href"), location.href);
      address.searchParams.set("since", days[0].since);
      address.searchParams.set("until", days[1].until);
      location.assign(address);
    }
    for (const bar of picture.querySelectorAll(".chosen")) bar.classList.remove("chosen");
    from = null;
  });
}
